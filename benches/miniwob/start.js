// Begins an episode as BrowserGym does: the random numbers follow from the seed, time does not run out, and what the page shows
// to a person who plays by hand (the sentence, the clock, the rewards, the cover) is out of the way. The first reward, before
// time takes from it, is told to the server.
addEventListener('load', () => {
  const asked = new URLSearchParams(location.search);
  const seed = asked.get('seed');
  if (seed === null) return;
  const query = document.getElementById('query');
  // The sentence as the page draws it, apart from the page; the teachers may look at it.
  core.query = document.createElement('div');
  core.query.id = 'query';
  const away = [];
  const move = (from, to) => to.append(...from.childNodes);

  const hide = () => {
    core.clearTimer();
    document.body.removeEventListener('click', core.canvasDrawClick);
    core.query.replaceChildren();
    move(query, core.query);
    for (const id of ['reward-display', 'click-canvas', 'sync-task-cover']) {
      const element = document.getElementById(id);
      if (element) away.push(element);
      element?.remove();
    }
  };
  const show = () => {
    query.replaceChildren();
    move(core.query, query);
    document.body.append(...away.splice(0));
  };
  const shown = (act) => {
    show();
    try {
      return act();
    } finally {
      hide();
    }
  };

  const fold = (node) => node.textContent.replace(/\s+/g, ' ').trim();
  const hex = (colour) => '#' + colour.match(/\d+/g).slice(0, 3).map((part) => Number(part).toString(16).padStart(2, '0')).join('');
  // What the page only shows as a picture is put into words, in the two tasks in which BrowserGym does so.
  const drawn = {
    'click-menu-2': (icon) => `"${icon.classList[1]}"`,
    'use-colorwheel-2': (patch) => hex(patch.style.backgroundColor),
  }[location.pathname.split('/').pop().replace('.html', '')];
  const sentence = () => {
    const [before, picture, after] = query.childNodes;
    if (drawn && after) return [fold(before), drawn(picture), fold(after)].join(' ');
    const said = core.getUtterance();
    return said.utterance ?? said;
  };
  core.sentence = () => shown(sentence);

  const begin = core.startEpisodeReal;
  core.startEpisodeReal = () => shown(begin);
  const end = core.endEpisode;
  core.endEpisode = (...all) => {
    if (core.EP_TIMER === null) return;
    const goal = core.sentence();
    const told = new URLSearchParams({ reward: all[0], goal });
    fetch(`/told/${asked.get('token')}?${told}`, { keepalive: true });
    shown(() => end(...all));
  };

  hide();
  Math.seedrandom(seed);
  core.EPISODE_MAX_TIME = 1_000_000;
  core.startEpisodeReal();
});
