/*
 * Asks every two seconds how far the work is, and shows that in place. Once it is done the page is
 * loaded anew. Without this script a link does the same.
 */
{
  const EVERY = 2000; // milliseconds

  const look = async () => {
    try {
      const answer = await fetch(location.href);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const now = page.getElementById("progress");
      if (!answer.ok || !now || !("waits" in now.dataset)) {
        location.reload();
        return;
      }
      const shown = document.getElementById("progress");
      for (const part of ["p", "progress"]) {
        shown.querySelector(part).replaceWith(now.querySelector(part));
      }
    } catch {
      // The line is down: it is asked again.
    }
    setTimeout(look, EVERY);
  };

  setTimeout(look, EVERY);
}
