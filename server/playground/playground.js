// The playground: GraphiQL on /graphql, over HTTP and, for subscriptions, over WebSocket at the same path.
//
// Requests are made as whoever is signed in to the client in this browser: the access token comes from the refresh
// cookie and stays in memory. An `authorization` header typed into GraphiQL goes before it.
(() => {
  // The style sheet that GraphiQL adds to the page is let in by this: it looks for it there.
  window.__webpack_nonce__ = document.currentScript.nonce;

  const { React, ReactDOM, GraphiQL, graphqlWs } = window;
  const path = '/graphql';
  /** A token this close to its end is renewed first, in milliseconds. */
  const renewBefore = 30_000;

  let session = { token: null, expiresAt: 0 };

  /** The access token, or null when nobody is signed in. */
  async function accessToken() {
    if (session.expiresAt - Date.now() > renewBefore) return session.token;
    const response = await fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json' },
      body: JSON.stringify({ query: 'mutation { refresh { accessToken accessTokenExpiresAt } }' }),
    });
    const { data } = await response.json();
    const renewed = data?.refresh;
    session = renewed?.accessToken
      ? { token: renewed.accessToken, expiresAt: Date.parse(renewed.accessTokenExpiresAt) }
      : { token: null, expiresAt: 0 };
    return session.token;
  }

  async function authorised(input, init) {
    const headers = new Headers(init?.headers);
    if (!headers.has('authorization')) {
      const token = await accessToken();
      if (token) headers.set('authorization', `Bearer ${token}`);
    }
    return fetch(input, { ...init, headers });
  }

  const socket = graphqlWs.createClient({
    url: new URL(path, location.href).href.replace(/^http/, 'ws'),
    connectionParams: async () => {
      const token = await accessToken();
      return token ? { authorization: `Bearer ${token}` } : {};
    },
  });

  const fetcher = GraphiQL.createFetcher({ url: path, fetch: authorised, wsClient: socket });
  const defaultQuery = `# Ctrl+Enter runs it, Ctrl+Space completes. Requests are made as whoever is signed in to the
# client in this browser.
query {
  viewer { id name role }
  tasks(first: 10) { nodes { number title status deadline } liveCursor }
}

subscription {
  taskEvents { __typename ... on Happened { cursor at actor { name } } }
}
`;
  ReactDOM.createRoot(document.getElementById('playground')).render(
    React.createElement(GraphiQL, { fetcher, defaultQuery, shouldPersistHeaders: false }),
  );
})();
