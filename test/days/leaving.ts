/**
 * Somebody at a face who leaves by `abort()`, with the face, or after `patienceMs`. By hand: on Node 20 a signal of AbortSignal.timeout that nobody but AbortSignal.any knows is
 * collected, and then the wait never ends.
 */
export function leaving(face: AbortSignal, patienceMs?: number): AbortController {
  const person = new AbortController();
  const leave = () => person.abort();
  if (face.aborted) leave();
  face.addEventListener('abort', leave, { once: true });
  if (patienceMs !== undefined) setTimeout(leave, patienceMs);
  return person;
}
