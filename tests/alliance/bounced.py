"""Reports of failed delivery as the usual mail servers write them, with addresses of nobody."""

from textwrap import dedent

BACK = "bounces@alliance.example.org"


_REPORT = dedent("""\
    Return-Path: <>
    From: {sender}
    To: {to}
    Subject: Undelivered Mail Returned to Sender
    Auto-Submitted: auto-replied
    MIME-Version: 1.0
    Content-Type: multipart/report; report-type=delivery-status; boundary="b1"

    --b1
    Content-Type: text/plain; charset=us-ascii

    {intro}

    --b1
    Content-Type: message/delivery-status

    Reporting-MTA: dns; mail.example.net
    Arrival-Date: Tue, 24 Nov 2026 06:00:03 +0000 (UTC)

    Final-Recipient: rfc822; amina@example.org
    Action: {action}
    Status: {status}
    Remote-MTA: dns; mx.example.org
    Diagnostic-Code: {words}

    --b1
    Content-Type: text/rfc822-headers

    From: UNOSSC Alliance <alliance@example.org>
    To: amina@example.org
    Subject: 550 new reports

    --b1--
    """)


def _report(
    status: str,
    words: str,
    *,
    action: str = "failed",
    sender: str = "Mail Delivery System <MAILER-DAEMON@mail.example.net>",
    to: str = BACK,
    intro: str = "I'm sorry to have to inform you that your message could not be delivered.",
) -> bytes:
    return _REPORT.format(
        status=status, words=words, action=action, sender=sender, to=to, intro=intro
    ).encode()


def postfix(to: str = BACK) -> bytes:
    words = "smtp; 550 5.1.1 <amina@example.org>: Recipient address rejected: User unknown"
    return _report("5.1.1", words, to=to)


def postfix_full() -> bytes:
    return _report("5.2.2", "smtp; 552 5.2.2 Mailbox full")


def postfix_late() -> bytes:
    return _report("4.4.1", "smtp; connect to mx.example.org: timed out", action="delayed")


def postfix_gave_up() -> bytes:
    return _report("4.4.1", "smtp; connect to mx.example.org: Connection timed out")


def office_365() -> bytes:
    words = (
        "smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient amina@example.org not found "
        "by SMTP address lookup"
    )
    return _report("5.1.10", words, sender="postmaster@example.onmicrosoft.com")


def exchange_blocked() -> bytes:
    words = "smtp;550 5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup; not authenticated"
    return _report("5.7.133", words, sender="Microsoft Outlook <postmaster@example.org>")


def gmail() -> bytes:
    words = (
        "smtp; 550-5.1.1 The email account that you tried to reach does not exist. Please try\n"
        " 550 5.1.1 double-checking the recipient's email address for typos"
    )
    sender = "Mail Delivery Subsystem <mailer-daemon@googlemail.example>"
    return _report("5.1.1", words, sender=sender)


def sendmail() -> bytes:
    words = "SMTP; 550 5.1.1 <amina@example.org>... User unknown"
    intro = "   ----- The following addresses had permanent fatal errors -----\n<amina@example.org>"
    return _report("5.1.1", words, intro=intro)


def rough_status() -> bytes:
    """The status says nothing, the words do."""
    return _report("5.0.0", "smtp; 554 5.7.1 Message rejected as spam by content filtering")


def exim() -> bytes:
    """Without RFC 3464, as older ones write."""
    text = f"""\
        Return-path: <>
        X-Failed-Recipients: amina@example.org
        Auto-Submitted: auto-replied
        From: Mail Delivery System <Mailer-Daemon@mail.example.net>
        To: {BACK}
        Subject: Mail delivery failed: returning message to sender

        This message was created automatically by mail delivery software.

        A message that you sent could not be delivered to one or more of its
        recipients. This is a permanent error. The following address(es) failed:

          amina@example.org
            host mx.example.org [192.0.2.7]
            SMTP error from remote mail server after RCPT TO:<amina@example.org>:
            550 No such user here

        ------ This is a copy of the message, including all the headers. ------

        Subject: 250 ok
        """
    return dedent(text).encode()


def holiday() -> bytes:
    text = f"""\
        From: Amina <amina@example.org>
        To: {BACK}
        Subject: Out of office
        Auto-Submitted: auto-replied

        I am away until 5.1.1 and call you back on extension 550 then.
        """
    return dedent(text).encode()


def person() -> bytes:
    return f"From: amina@example.org\nTo: {BACK}\n\nPlease take me off, error 550 5.1.1.\n".encode()
