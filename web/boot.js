// Starts the client. The overlay of index.html is shown when the client cannot start; a panic inside shows it too. It is modal,
// so that it stands over whatever dialog was open, and whoever closes it goes on with a page that is loaded anew.
import init from './web.js';

const element = (id) => document.getElementById(id);
const reload = () => location.reload();
element('crash-reload').addEventListener('click', reload);
element('crash').addEventListener('close', reload);
element('update-reload').addEventListener('click', reload);

// Whoever was signed in here last comes back: their cookie is asked for a token, and the server for what a session starts from, while the
// client is still being fetched. It takes the answers from here (web/src/browser/early.rs), and asks for itself where one did not come.
const REFRESH = `
  mutation Refresh {
    refresh {
      viewer {
        id name role email
        profile { locale theme timeZone shortcuts }
      }
      accessToken accessTokenExpiresAt
      userErrors { code message field }
    }
  }
`;
const START = `
  query Start {
    tasks(first: 1) { liveCursor }
    notifications(first: 30) {
      nodes {
        id kind createdAt readAt
        actor { id name role }
        task {
          id number title deadline
          creator { id name role }
          assignee { id name role }
        }
        event {
          __typename
          ... on TaskCreated {
            cursor at
            actor { id name role }
          }
          ... on TaskUpdated {
            cursor at
            actor { id name role }
            changes { field from to }
          }
          ... on TaskStatusChanged {
            cursor at
            actor { id name role }
            status_from: from status_to: to action reason
          }
          ... on TaskDeadlineChanged {
            cursor at
            actor { id name role }
            deadline_from: from deadline_to: to
          }
          ... on TaskOverdue { cursor at deadline }
          ... on TaskAssigned {
            cursor at
            actor { id name role }
            person_from: from { id name role }
            person_to: to { id name role }
          }
          ... on TaskDeleted {
            cursor at
            actor { id name role }
            taskId
          }
          ... on TaskRestored {
            cursor at
            actor { id name role }
          }
          ... on TaskCommented {
            cursor at
            actor { id name role }
          }
          ... on AllTasksCompleted {
            cursor at
            actor { id name role }
            completed_by: assignee { id name role }
          }
        }
        role text
      }
      pageInfo { hasNextPage endCursor }
      unreadCount liveCursor
    }
  }
`;

async function ask(query, token) {
  const headers = { 'content-type': 'application/json' };
  if (token) headers.authorization = `Bearer ${token}`;
  const answer = await fetch('/graphql', { method: 'POST', headers, body: JSON.stringify({ query }) });
  return answer.ok ? answer.text() : undefined;
}

async function start(refreshed) {
  const { accessToken } = JSON.parse(await refreshed).data.refresh;
  return accessToken && ask(START, accessToken);
}

function comeBack() {
  const nothing = () => {};
  const refreshed = ask(REFRESH);
  globalThis.early = { refreshed: refreshed.catch(nothing), started: start(refreshed).catch(nothing) };
}

try {
  if (localStorage.getItem('vekha.session')?.startsWith('in ')) {
    comeBack();
    // The board and the calendar are in a file of their own.
    if (/^\/(board|calendar)/.test(location.pathname)) {
      const href = new URL('./split_planning.wasm', import.meta.url);
      document.head.append(Object.assign(document.createElement('link'), { rel: 'preload', as: 'fetch', crossOrigin: '', href }));
    }
  }
} catch {
  // A browser that keeps nothing for pages says so by an exception.
}

init({ module_or_path: new URL('./web_bg.wasm', import.meta.url) }).catch((reason) => {
  console.error(reason);
  element('crash').showModal();
});
// The browser's first use of `Intl` takes some 45 ms, which are better spent while the client is fetched: it asks for zones at its start.
new Intl.DateTimeFormat();

// A worker that takes over from another keeps a new version. A page that was loaded before it offers to load it, when it suits.
async function work(workers) {
  const own = [import.meta.url, document.querySelector('link[rel=stylesheet]').href];
  let before = workers.controller;
  workers.addEventListener('controllerchange', async () => {
    const kept = before ? await Promise.all(own.map((file) => caches.match(file))) : own;
    before = workers.controller;
    if (!kept.every(Boolean)) element('update').hidden = false;
  });
  // The worker fetches all of the client: later than what the page shows first.
  await new Promise((loaded) => addEventListener('load', () => setTimeout(loaded, 2_000)));
  try {
    const registration = await workers.register('/sw.js', { updateViaCache: 'none' });
    // Pages stay open for days: each return to one asks whether there is a new version.
    document.addEventListener('visibilitychange', () => {
      if (!document.hidden) registration.update().catch(() => {});
    });
  } catch {
    // Private windows refuse workers; the client does without.
  }
}

if (navigator.serviceWorker) work(navigator.serviceWorker);
