// The page that answers a posted form takes an address of its own: loaded anew, it is the same, and nothing is posted again.
// Without JavaScript, the page goes there by itself.
history.replaceState(null, "", document.currentScript.dataset.address);
