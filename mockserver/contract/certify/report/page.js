'use strict';
// Draws nothing by itself: the page is whole without it. It opens witnesses, filters, and moves about by keys.
(() => {
  const data = JSON.parse(document.getElementById('data').textContent);
  const behaviours = new Map(data.behaviours.map((each) => [each.id, each]));
  const panel = document.getElementById('witness');
  const hint = document.getElementById('hint');
  const search = document.getElementById('search');
  const cells = [...document.querySelectorAll('button.c[data-at]')];
  const links = [...document.querySelectorAll('.link[data-at]')];
  const hidden = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

  /** Text in which every character that would not be seen, or would turn others round, is spelled out. */
  const visible = (value) => String(value).replace(hidden, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`);

  /** An element whose members are text or elements; nothing is ever read as HTML. */
  function element(tag, attributes, ...members) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.append(...members.filter((each) => each !== null).map((each) => (each instanceof Node ? each : visible(each))));
    return made;
  }

  function found(at) {
    const [row, column] = at.split('.').map(Number);
    const certificate = data.certificates[row];
    const cell = certificate.cells[column];
    return { certificate, cell, behaviour: behaviours.get(cell.behaviour) };
  }

  const titled = ({ certificate, cell, behaviour }) =>
    `${certificate.client}: ${behaviour.id} (${behaviour.title}): ${[cell.verdict, ...cell.findings.map((each) => each.rule)].join(', ')}`;
  const address = ({ certificate, behaviour }) => `#${encodeURIComponent(certificate.client)}/${encodeURIComponent(behaviour.id)}`;

  // --- the witness
  const pretty = (text) => {
    try {
      return JSON.stringify(JSON.parse(text), null, 2);
    } catch {
      return text;
    }
  };
  const json = (value) => element('pre', { tabindex: '0' }, JSON.stringify(value, null, 2));
  const heading = (text) => element('h3', {}, text);

  function half(title, part, line) {
    const headers = (part.headers ?? []).map(([name, value]) => `${name}: ${value}`).join('\n');
    const body = part.body ? `\n\n${pretty(part.body)}` : '';
    return element('pre', { tabindex: '0', 'aria-label': title }, `${line}\n${headers}${body}`);
  }

  function exchange(each) {
    const request = each.request ?? {};
    const reply = each.reply ?? {};
    const ending = reply.whole === false ? ', broken off' : '';
    const when = typeof each.at === 'number' ? ` · after ${each.at} s` : '';
    const played = each.played ? ` · ${each.played}` : '';
    const line = `${request.method} ${request.path}`;
    return element('details', { open: '' },
      element('summary', {}, `${each.number}. ${line} → ${reply.status ?? 'no reply'}${ending}${when}${played}`),
      half('request', request, line), half('reply', reply, reply.status ?? 'no reply'));
  }

  function replay(command) {
    const shown = element('pre', { tabindex: '0' }, command);
    const button = element('button', { type: 'button', class: 'copy' }, 'Copy');
    button.addEventListener('click', async () => {
      try {
        await navigator.clipboard.writeText(command);
        button.textContent = 'Copied';
      } catch {
        getSelection().selectAllChildren(shown);
      }
    });
    return element('div', { class: 'replay' }, shown, button);
  }

  function findings(cell) {
    return cell.findings.length === 0 ? [] : [heading('Found'), element('ol', {}, ...cell.findings.map((each) => element('li', {},
      element('code', { class: 'chip' }, each.rule), each.place ? ` at ${each.place}` : '', element('br', {}), each.text, element('br', {}),
      element('span', { class: 'quiet' }, data.rules[each.rule] ?? ''))))];
  }

  function evidence(witness) {
    if (!witness) return [];
    return [
      heading('See it again'), replay(witness.replay),
      heading('Asked'), json(witness.asked),
      heading('Told'), witness.told === null ? element('p', {}, 'Nothing.') : json(witness.told),
      heading('On the wire'), ...(witness.exchanges.length ? witness.exchanges.map(exchange) : [element('p', {}, 'Nothing.')]),
    ];
  }

  let opened = null;

  function show(at) {
    const it = found(at);
    const { certificate, cell, behaviour } = it;
    opened = at;
    for (const each of cells) each.classList.toggle('open', each.dataset.at === at);
    const bar = element('nav', {}, ...[['← Previous', () => step(-1)], ['Next →', () => step(1)], ['Close', close]].map(([text, act]) => {
      const button = element('button', { type: 'button' }, text);
      button.addEventListener('click', act);
      return button;
    }));
    panel.replaceChildren(bar, element('h2', { class: 'mono' }, behaviour.id),
      element('p', { class: 'quiet' }, `${behaviour.title}`),
      element('p', {}, element('span', { class: 'state' }, element('i', { class: `c ${cell.verdict}` }), element('b', {}, cell.verdict)),
        `${certificate.client} ${certificate.version}`),
      cell.reason ? element('p', {}, cell.reason) : '',
      heading('Must hold'), element('p', {}, behaviour.about),
      element('p', { class: 'quiet' }, `${cell.cases} ${cell.cases === 1 ? 'request' : 'requests'} judged in ${cell.seconds.toFixed(2)} s`),
      ...findings(cell), ...evidence(cell.witness));
    panel.hidden = false;
    panel.scrollTop = 0;
    panel.focus();
    history.replaceState(null, '', address(it));
  }

  function close() {
    const cell = cells.find((each) => each.dataset.at === opened);
    panel.hidden = true;
    for (const each of cells) each.classList.remove('open');
    history.replaceState(null, '', location.pathname + location.search);
    cell?.focus();
  }

  /** Goes to the next cell of the same verdict among those that the filter leaves. */
  function step(by) {
    const verdict = found(opened).cell.verdict;
    const alike = cells.filter((each) => each.dataset.at === opened || (each.classList.contains(verdict) && !each.classList.contains('off')));
    const place = alike.findIndex((each) => each.dataset.at === opened);
    show(alike[(place + by + alike.length) % alike.length].dataset.at);
  }

  // --- filtering
  function words(at) {
    const { certificate, cell, behaviour } = found(at);
    const told = cell.findings.flatMap((each) => [each.rule, each.text, each.place]);
    return [certificate.client, behaviour.id, behaviour.title, behaviour.about, behaviour.topic, cell.reason, ...told].join('\n').toLowerCase();
  }
  const texts = new Map(cells.map((each) => [each.dataset.at, words(each.dataset.at)]));

  function filter() {
    const wanted = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const verdicts = new Set([...document.querySelectorAll('.toggle[aria-pressed="true"]')].map((each) => each.dataset.verdict));
    const fits = (at) => verdicts.has(found(at).cell.verdict) && wanted.every((word) => texts.get(at).includes(word));
    let count = 0;
    for (const each of cells) count += !each.classList.toggle('off', !fits(each.dataset.at));
    for (const each of links) each.hidden = !fits(each.dataset.at);
    for (const kind of ['li', 'ul', 'details']) {
      for (const each of document.querySelectorAll(`.failing ${kind}`)) {
        each.hidden = !each.querySelector('.link:not([hidden])');
        if (kind === 'ul') each.previousElementSibling.hidden = each.hidden;
      }
    }
    document.getElementById('found').textContent = `${count} of ${cells.length} cells`;
  }

  // --- keys: one stop of the Tab key for each table, arrows within it
  function neighbour(cell, key) {
    const place = cell.closest('td');
    const row = place.parentElement;
    const sideways = { ArrowLeft: place.previousElementSibling, ArrowRight: place.nextElementSibling, Home: row.children[1], End: row.children[row.children.length - 2] };
    const rows = { ArrowUp: row.previousElementSibling, ArrowDown: row.nextElementSibling };
    const next = key in rows ? rows[key]?.children[place.cellIndex] : sideways[key];
    return next?.querySelector('button.c');
  }

  function reach(cell) {
    for (const each of cell.closest('table').querySelectorAll('button.c')) each.tabIndex = each === cell ? 0 : -1;
  }

  function tell(cell) {
    hint.textContent = visible(titled(found(cell.dataset.at)));
    hint.classList.add('on');
  }

  for (const each of cells) {
    each.setAttribute('aria-label', visible(titled(found(each.dataset.at))));
    each.tabIndex = each.closest('td').previousElementSibling?.tagName === 'TH' && !each.closest('tr').previousElementSibling ? 0 : -1;
    each.addEventListener('mouseenter', () => tell(each));
    each.addEventListener('mouseleave', () => hint.classList.remove('on'));
    each.addEventListener('blur', () => hint.classList.remove('on'));
    each.addEventListener('focus', () => {
      reach(each);
      if (each.matches(':focus-visible')) tell(each);
    });
    each.addEventListener('keydown', (event) => {
      const next = neighbour(each, event.key);
      if (!next) return;
      event.preventDefault();
      next.focus();
    });
  }
  for (const table of document.querySelectorAll('.grid')) {
    const first = table.querySelector('button.c');
    if (first) reach(first);
  }
  for (const each of [...cells, ...links]) each.addEventListener('click', () => show(each.dataset.at));
  for (const each of document.querySelectorAll('.toggle')) {
    each.addEventListener('click', () => {
      each.setAttribute('aria-pressed', String(each.getAttribute('aria-pressed') !== 'true'));
      filter();
    });
  }
  search.addEventListener('input', filter);
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && !panel.hidden) close();
    if (event.key === '/' && event.target === document.body) {
      event.preventDefault();
      search.focus();
    }
  });
  panel.addEventListener('keydown', (event) => {
    if (event.target === panel && event.key === 'ArrowRight') step(1);
    if (event.target === panel && event.key === 'ArrowLeft') step(-1);
  });

  document.querySelector('.tools').hidden = false;
  filter();
  const linked = cells.find((each) => address(found(each.dataset.at)) === location.hash);
  if (linked) show(linked.dataset.at);
})();
