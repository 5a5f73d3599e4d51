// The button does the same for somebody without JavaScript.
document.getElementById("response").submit();
