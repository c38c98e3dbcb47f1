"use strict";
(function () {
  // Passages: what is pointed at on one side lights up on the other; its number leads there.
  document.querySelectorAll(".pair").forEach(function (pair) {
    function light(event, on) {
      var mark = event.target.closest && event.target.closest("mark");
      if (!mark) return;
      pair.querySelectorAll('mark[data-p="' + mark.dataset.p + '"]').forEach(function (one) {
        one.classList.toggle("on", on);
      });
    }
    pair.addEventListener("mouseover", function (event) { light(event, true); });
    pair.addEventListener("mouseout", function (event) { light(event, false); });
    pair.addEventListener("focusin", function (event) { light(event, true); });
    pair.addEventListener("focusout", function (event) { light(event, false); });
  });

  // Search over every story of the report, not only those on this page.
  var data = document.getElementById("stories-data");
  var box = document.querySelector(".filter");
  if (!data || !box) return;
  var stories = JSON.parse(data.textContent);
  var words = document.getElementById("f-words");
  var site = document.getElementById("f-site");
  var kind = document.getElementById("f-kind");
  var told = document.getElementById("f-told");
  var hits = document.querySelector(".hits");
  var browse = document.getElementById("browse");
  var SHOWN = 200;
  box.hidden = false;

  function fold(text) {
    return text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
  }
  stories.forEach(function (story) {
    story.hay = fold([story.title, story.publisher].concat(story.sites).join(" "));
  });

  function element(name, className, text) {
    var made = document.createElement(name);
    if (className) made.className = className;
    if (text) { made.textContent = text; made.dir = "auto"; }
    return made;
  }

  function row(story) {
    var item = element("li");
    var head = element("h3");
    var link = element("a", "", story.title);
    link.href = "stories/" + story.file;
    head.appendChild(link);
    item.appendChild(head);
    item.appendChild(element("p", "meta", [story.publisher, story.day, story.told].filter(Boolean).join(" · ")));
    var chips = element("ul", "chips");
    story.sites.slice(0, 6).forEach(function (name) { chips.appendChild(element("li", "", name)); });
    item.appendChild(chips);
    return item;
  }

  function update() {
    var wanted = fold(words.value).split(/\s+/).filter(Boolean);
    var active = wanted.length || site.value || kind.value;
    browse.hidden = Boolean(active);
    hits.hidden = !active;
    hits.textContent = "";
    told.textContent = "";
    if (!active) return;
    var found = stories.filter(function (story) {
      return (!site.value || story.sites.indexOf(site.value) >= 0) &&
        (!kind.value || story.kinds.indexOf(kind.value) >= 0) &&
        wanted.every(function (word) { return story.hay.indexOf(word) >= 0; });
    });
    found.slice(0, SHOWN).forEach(function (story) { hits.appendChild(row(story)); });
    told.textContent = found.length === 0 ? "No story matches." :
      found.length + " of " + stories.length + " stories" +
      (found.length > SHOWN ? "; the first " + SHOWN + " are shown" : "");
  }
  var waiting = 0;
  words.addEventListener("input", function () { clearTimeout(waiting); waiting = setTimeout(update, 120); });
  site.addEventListener("change", update);
  kind.addEventListener("change", update);
})();
