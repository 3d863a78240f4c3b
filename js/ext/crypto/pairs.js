// The numbers C++ knows the kinds of key pairs by.

/** Kinds by curve, and RSA. */
export const kKinds = {
  __proto__: null,
  RSA: 0,
  "P-256": 1,
  "P-384": 2,
  "P-521": 3,
  Ed25519: 4,
  X25519: 5,
  Ed448: 6,
  X448: 7,
};
