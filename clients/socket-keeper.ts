/** As much of a WebSocket as is needed: what browsers have, Node 22 has, and the package `ws` has. */
export type Socket = {
  readonly send: (text: string) => void;
  readonly close: () => void;
  addEventListener(type: 'open' | 'close' | 'error', listener: () => void): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
};

export type SocketClass = new (url: string) => Socket;

export type KeeperOptions = {
  /** Where to connect to, asked for each time anew. */
  readonly url: () => Promise<string>;
  readonly WebSocket: SocketClass;
  readonly onOpen: (socket: Socket) => void;
  /** A text has come; `reconnect` gives the connection up for a new one. */
  readonly onText: (text: unknown, reconnect: () => void) => void;
  readonly onClose: () => void;
};

const firstPauseMs = 500;
const longestPauseMs = 30_000;
const pingEveryMs = 5 * 60 * 1000; // API Gateway ends a connection after ten minutes without a frame

/** How long to wait before the nth try: twice as long each time, a random part of it, so that clients do not come at once. */
export const pauseBefore = (attempt: number, random: () => number = Math.random): number =>
  Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(attempt, 10)) * (0.5 + random() / 2);

type State = { socket: Socket | undefined; open: boolean; closed: boolean; attempt: number };

/** Has `lost` told once when the socket is of no use any more, and everything else while it is the current one. */
const listen = (socket: Socket, state: State, options: KeeperOptions, lost: () => void): void => {
  const isCurrent = () => state.socket === socket;
  socket.addEventListener('open', () => {
    if (!isCurrent()) return;
    state.open = true;
    options.onOpen(socket);
  });
  socket.addEventListener('message', ({ data }) => {
    const { attempt } = state;
    state.attempt = 0;
    const reconnect = () => {
      state.attempt = attempt;
      socket.close();
    };
    if (isCurrent()) options.onText(data, reconnect);
  });
  socket.addEventListener('error', () => undefined); // a close follows
  socket.addEventListener('close', () => {
    if (isCurrent()) lost();
  });
};

/** Keeps one connection open, until it is closed: whenever it breaks it is made again. */
export const socketKeeper = (options: KeeperOptions) => {
  const state: State = { socket: undefined, open: false, closed: false, attempt: 0 };
  let timer: ReturnType<typeof setTimeout> | undefined;

  const again = () => {
    const wasOpen = state.open;
    Object.assign(state, { socket: undefined, open: false });
    if (state.closed) return;
    if (wasOpen) options.onClose();
    timer = setTimeout(connect, pauseBefore(state.attempt));
    state.attempt += 1;
  };

  const open = (url: string) => {
    if (state.closed) return;
    state.socket = new options.WebSocket(url);
    listen(state.socket, state, options, again);
  };

  const connect = () => void options.url().then(open).catch(again);

  const send = (text: string) => {
    if (state.open) state.socket?.send(text);
  };

  const pinging = setInterval(() => send(JSON.stringify({ action: 'ping' })), pingEveryMs);
  connect();

  const close = () => {
    state.closed = true;
    clearTimeout(timer);
    clearInterval(pinging);
    state.socket?.close();
  };

  /** `send` sends a text if there is a connection, else not. */
  return { send, close };
};
