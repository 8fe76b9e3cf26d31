"""What other systems are sent (数据推送), as the document of the API says it: OpenAPI's `webhooks`."""

from typing import Any

from webui.api.words import whole_example
from workflow.service.hooks.happened import TEST

Said = dict[str, Any]


def _field(said: str, example: Any, **schema: Any) -> Said:
    return {"type": "string", "description": said, "examples": [example], **schema}


def _object(said: str, properties: Said) -> Said:
    return {
        "type": "object",
        "description": said,
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _ref(name: str, **beside: Any) -> Said:
    return {"$ref": f"#/components/schemas/{name}", **beside}


KEY = "msg_5f1d7c0e9b2a4c6d8e0f1a2b3c4d5e6f"
AGENCY = _field("机关的代码", "panlong")
DELIVERY: Said = {
    "id": _field("这一条的标识，重发不变，与 webhook-id 相同；凭它去掉重复的", KEY),
    "timestamp": _field("登记的时间", "2024-05-06T10:00:00+08:00", format="date-time"),
}
SCHEMAS: Said = {
    "HookEvent": _object(
        "一件申请办理了一个事项。没有申请人的信息，也没有申请内容。",
        {
            **DELIVERY,
            "type": _ref("EventName", description="事项"),
            "data": _ref("HookedCase", description="哪件申请，办到哪里"),
        },
    ),
    "HookedCase": _object(
        "一件申请办到哪里，其余的从哪里读。",
        {
            "agency": AGENCY,
            "number": _field("申请编号", "2024-0123"),
            "state": _ref("State", description="办理这个事项以后的状态"),
            "seq": {
                "type": "integer",
                "minimum": 1,
                "description": "在这件申请的办理记录里是第几条；小于收到过的就是晚到的",
                "examples": [3],
            },
            "on": _field("事项发生的日期", "2024-05-06", format="date"),
            "address": _field(
                "在本接口里读取这件申请的地址", "/api/v1/agencies/panlong/cases/2024-0123"
            ),
        },
    ),
    "HookTest": _object(
        "管理员发来的测试，收下就可以。",
        {
            **DELIVERY,
            "type": {"const": TEST, "type": "string", "description": "测试", "examples": [TEST]},
            "data": _ref("HookTested", description="哪个机关发的"),
        },
    ),
    "HookTested": _object("哪个机关发的测试。", {"agency": AGENCY}),
}
HEADERS = {
    "webhook-id": ("这一条的标识，重发不变", KEY, {"type": "string"}),
    "webhook-timestamp": (
        "发送的时间，秒",
        "1714960800",
        {"type": "string", "pattern": "^[0-9]+$"},
    ),
    "webhook-signature": (
        "`v1,` 和 HMAC-SHA256（base64），算的是标识、点、时间、点、正文；换密钥以后的一天里有几个，空格隔开",
        "v1,3xOq8eGZQ2c1Zl0m0mVwqfO1kq8kYt7u5v9a1b2c3d4=",
        {"type": "string"},
    ),
}


def with_examples(schemas: Said) -> Said:
    """What is sent, with an example of each: `schemas` are those that it refers to."""
    whole = {**schemas, **SCHEMAS}
    return {name: {**one, "examples": [whole_example(one, whole)]} for name, one in SCHEMAS.items()}


def webhooks() -> Said:
    """The section of the document: each kind of delivery as a call that the other system answers."""
    return {
        name: {
            "post": {
                "operationId": name,
                "summary": summary,
                "description": "答 2xx 就是收下；别的答复、没有答复的，过一段时间再发。",
                "tags": ["cases"],
                "security": [],
                "parameters": [
                    {"name": header, "in": "header", "required": True, "description": said, "example": example, "schema": schema}
                    for header, (said, example, schema) in HEADERS.items()
                ],
                "requestBody": {
                    "required": True,
                    "content": {"application/json": {"schema": _ref(model)}},
                },
                "responses": {"2XX": {"description": "收下了"}},
            }
        }
        for name, summary, model in (
            ("caseEvent", "一件申请办理了一个事项", "HookEvent"),
            ("testDelivery", "管理员发来的测试", "HookTest"),
        )
    }  # fmt: skip
