// one function in a process of its own, as on Lambda: loads the bundle, then answers one event after another
const [bundle] = process.argv.slice(2);

process.on('disconnect', () => process.exit());

try {
  const { handler } = await import(bundle);
  process.on('message', async ({ id, event }) => {
    try {
      process.send({ id, result: await handler(event, { getRemainingTimeInMillis: () => 10_000 }) });
    } catch (error) {
      process.send({ id, error: String(error?.stack ?? error) });
    }
  });
  process.send({ loaded: true });
} catch (error) {
  process.send({ failed: String(error?.stack ?? error) });
}
