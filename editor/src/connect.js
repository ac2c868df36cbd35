// The way to the API: where it is, who asks, what is known already, and what is tried again with a fresh nonce.
import apiFetch from "@wordpress/api-fetch";

export function connect({ root, nonce, nonceAddress, preload }) {
  apiFetch.use(apiFetch.createRootURLMiddleware(root));
  apiFetch.nonceMiddleware = apiFetch.createNonceMiddleware(nonce);
  apiFetch.use(apiFetch.nonceMiddleware);
  apiFetch.use(apiFetch.mediaUploadMiddleware);
  apiFetch.nonceEndpoint = nonceAddress;
  apiFetch.use(apiFetch.createPreloadingMiddleware(preload));
}
