# What each rule of conventions.yml finds, and what it leaves alone. Never run: semgrep reads it.

# ruleid: markup-is-made-in-named-places
mark_safe(f"<b>{name}</b>")
# ok: markup-is-made-in-named-places
format_html("<b>{}</b>", name)

# ruleid: values-are-no-part-of-a-statement
cursor.execute("SELECT 1 FROM person WHERE name = '%s'" % name)
# ruleid: values-are-no-part-of-a-statement
Report.objects.raw(f"SELECT * FROM report WHERE title = '{title}'")
# ok: values-are-no-part-of-a-statement
cursor.execute("SELECT 1 FROM person WHERE name = %s", [name])

# ruleid: private-rows-are-looked-for-among-those-that-one-may-see
get_object_or_404(Submission, uuid=submission_uuid)
# ruleid: private-rows-are-looked-for-among-those-that-one-may-see
get_object_or_404(OrganizationDocument.objects.select_related("organization"), pk=pk)
# ruleid: private-rows-are-looked-for-among-those-that-one-may-see
Attachment.objects.filter(uuid=attachment_uuid).first()
# ok: private-rows-are-looked-for-among-those-that-one-may-see
get_object_or_404(Submission.objects.visible_to(user), uuid=submission_uuid)
# ok: private-rows-are-looked-for-among-those-that-one-may-see
get_object_or_404(Report, pk=pk)


# ruleid: no-view-is-without-its-token
@csrf_exempt
def hook(request):
    return done(request)


# ruleid: nothing-is-fetched-but-the-sanctions-list
urllib.request.urlopen(request.POST["logo"])

# ruleid: nothing-that-was-sent-becomes-code
subprocess.run(f"convert {name}", shell=True)
# ruleid: nothing-that-was-sent-becomes-code
Template(request.POST["letter"]).render(context)
# ok: nothing-that-was-sent-becomes-code
subprocess.run(["convert", name])

# ruleid: nobody-is-led-to-where-a-query-string-says
redirect(request.GET["next"])
# ok: nobody-is-led-to-where-a-query-string-says
redirect("dashboard")

# ruleid: what-opens-something-is-not-chosen-by-random
random.choice("0123456789")
# ok: what-opens-something-is-not-chosen-by-random
secrets.choice("0123456789")
