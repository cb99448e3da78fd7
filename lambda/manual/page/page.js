const here = new URL('.', window.location.href).href.replace(/\/$/, '');
const isLocal = ['127.0.0.1', 'localhost'].includes(window.location.hostname);

/** Names the server that the page came from by its address, and leaves out a local AWS where that is the same. */
const nameServers = (spec) => ({
  ...spec,
  servers: spec.servers
    .filter(({ url }) => !(isLocal && url.startsWith('http://127.0.0.1')))
    .map((server) => (server.url === '.' ? { ...server, url: here } : server)),
});

const withServers = () => ({
  statePlugins: {
    spec: { wrapActions: { updateJsonSpec: (update) => (spec) => update(spec.servers ? nameServers(spec) : spec) } },
  },
});

window.SwaggerUIBundle({
  url: 'openapi.json',
  dom_id: '#api',
  plugins: [withServers],
  deepLinking: true,
  displayOperationId: true,
  displayRequestDuration: true,
  docExpansion: 'list',
  filter: true,
  validatorUrl: null,
});
