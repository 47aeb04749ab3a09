// Runs graphql-http's audits of a server, signed in; prints each one's id, name, status and reason, as JSON.
import { serverAudits } from 'graphql-http';

const { url, token } = JSON.parse(process.argv[2]);

const fetchFn = (address, { headers, ...options } = {}) =>
  fetch(address, { ...options, headers: { ...headers, authorization: `Bearer ${token}` } });

const results = [];
for (const audit of serverAudits({ url, fetchFn })) {
  const { id, name, status, reason } = await audit.fn();
  results.push({ id, name, status, reason });
}
process.stdout.write(JSON.stringify(results));
