// Stands before a server that wants a key, for a client that can present none: passes
// requests on as they are, with the key. UPSTREAM and KEY say where to and which.
import http from 'node:http';

const upstream = new URL(process.env.UPSTREAM);
const server = http.createServer((request, response) => {
  const headers = { ...request.headers, authorization: `Bearer ${process.env.KEY}` };
  const passed = http.request(
    { host: upstream.hostname, port: upstream.port, method: request.method, path: request.url, headers },
    (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      response.flushHeaders();
      answer.pipe(response);
    },
  );
  passed.on('error', () => response.destroy());
  response.on('close', () => passed.destroy()); // a client that leaves cancels
  request.pipe(passed);
});
server.listen(0, '127.0.0.1', () => {
  console.log(JSON.stringify({ url: `http://127.0.0.1:${server.address().port}${upstream.pathname}` }));
});
