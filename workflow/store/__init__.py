"""What is kept: mappings, unit of work, queries, migrations. Everything that knows SQL is here."""

from workflow.store import call_models as call_models
from workflow.store import count_models as count_models
from workflow.store import file_models as file_models
from workflow.store import message_models as message_models  # so that its tables are always known
from workflow.store import report_models as report_models
