"""Who is needed so that a case can end, and which roles go together: by the tables of the law alone.

One person may hold several roles; but who drafted neither reviews secrecy nor signs (practice.md §3.2), and each of
the three administrators holds that role alone (三员分立, practice.md §5.5).
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from config.law import Law
from workflow import events as ev

SEE, MANAGE, GRANT = "see_staff", "manage_staff", "grant_rights"
"""Actions of the table of permissions: who sees people, who sees to their accounts, who to their rights."""
ADMINISTRATORS, AUDIT = "manage_administrators", "read_audit"
"""Who sees to the accounts of those who watch over the system administrators; who reads the audit."""
REGISTER, READ = "register_case", "read_cases"
"""Who registers, who sees cases."""


def staff_roles(law: Law) -> tuple[str, ...]:
    """The roles that a member of staff can hold, in their usual order."""
    return law.permissions.groups["staff"]


def administering(law: Law) -> frozenset[str]:
    """The roles of the three administrators (三员): each is held alone, and none handles cases."""
    return frozenset(law.permissions.groups["administering"])


def managing(law: Law) -> frozenset[str]:
    """Those of them that see to bodies and accounts, without whom nothing can be set up."""
    return administering(law).intersection(law.permissions.actions[MANAGE].may)


def watching(law: Law) -> frozenset[str]:
    """Those of them that the others neither shut out nor let in: rights and audit are theirs."""
    return administering(law) - managing(law)


def drafting(law: Law) -> frozenset[str]:
    """The roles that propose what a reply says."""
    return frozenset(law.transitions[ev.ProposeOutcome.name].by)


def reviewing(law: Law) -> frozenset[str]:
    """The roles that review secrecy."""
    return frozenset(law.transitions[ev.PassSecrecyReview.name].by)


def checking(law: Law) -> frozenset[str]:
    """The roles that check whether a reply is lawful, without whom none is signed."""
    return frozenset(law.transitions[ev.PassLegalCheck.name].by)


def signing(law: Law) -> frozenset[str]:
    """The roles that sign a reply."""
    return frozenset(law.transitions[ev.Approve.name].by)


def never_together(law: Law, roles: Collection[str]) -> str | None:
    """Why nobody may hold these roles at once; None if one may."""
    administers = administering(law).intersection(roles)
    names = "、".join(law.words.roles[role] for role in staff_roles(law) if role in administers)
    if administers and set(roles) - administers:
        return f"{names}看不到申请，不能同时办理申请：办理申请请另用一个账号"
    if len(administers) > 1:
        return f"{names}互相监督，不能由同一个人担任：请另用一个账号"
    return None


def mind(law: Law, roles: Collection[str]) -> tuple[str, ...]:
    """What somebody who holds these roles must leave to another person, in sentences."""
    found = []
    if drafting(law).intersection(roles):
        if reviewing(law).intersection(roles):
            found.append("自己起草的答复，须由另一个人作保密审查")
        if signing(law).intersection(roles):
            found.append("自己起草的答复，须由另一个人签发")
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Needed:
    """Somebody without whom no case can end. what: a word of NEEDED; who: user names that fill it now;
    roles: those of which one would fill it."""

    what: str
    who: tuple[str, ...]
    roles: tuple[str, ...]

    @property
    def there(self) -> bool:
        return bool(self.who)


NEEDED = ("register", "draft", "review", "check", "sign")


def needed(law: Law, people: Mapping[str, Collection[str]]) -> tuple[Needed, ...]:
    """Who registers, who drafts, who reviews secrecy, who checks and who signs, in that order. people: the
    roles of everybody who can log in. A reviewer or signer counts where somebody else is there to draft."""
    registers = frozenset(law.permissions.actions[REGISTER].may)

    def having(roles: Iterable[str]) -> list[str]:
        wanted = set(roles)
        return [name for name, held in people.items() if wanted.intersection(held)]

    drafters, reviewers, signers = (
        having(roles) for roles in (drafting(law), reviewing(law), signing(law))
    )
    if drafters:
        reviewers = [name for name in reviewers if any(one != name for one in drafters)]
        signers = [
            name
            for name in signers
            if any(
                one != name and (not reviewers or any(r != one for r in reviewers))
                for one in drafters
            )
        ]
    found = (having(registers), drafters, reviewers, having(checking(law)), signers)
    roles = (registers, drafting(law), reviewing(law), checking(law), signing(law))
    return tuple(
        Needed(what, tuple(who), tuple(role for role in staff_roles(law) if role in held))
        for what, who, held in zip(NEEDED, found, roles, strict=True)
    )
