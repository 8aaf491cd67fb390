// Runs in the head, before anything is drawn: style rules that need scripts look for this class.
document.documentElement.classList.add("tf-js");
