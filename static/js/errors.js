/* After a form that was sent back, reading goes on at the summary of its errors. */
document.querySelector(".errors[tabindex]")?.focus();
