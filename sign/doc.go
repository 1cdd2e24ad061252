// Package sign computes and checks the signatures of the TikTok Shop Open API:
// values in, signature out. It does no I/O and reads no clock.
//
// A request is signed over its path, its query parameters and its body:
//
//	base      = path + key1 + value1 + key2 + value2 + … + body
//	signature = hex(HMAC-SHA256(secret, secret + base + secret))
//
// Keys are in ascending byte order, values are URL-decoded, empty values are kept,
// and the parameters sign and access_token are left out. The body counts byte
// for byte as it is sent, except that of a multipart/form-data request, which
// is not signed. Neither the HTTP method nor any header is part of it.
//
// The rule of the retired 202212 version, [NewLegacy], differs in one point:
// no body is ever signed.
//
// Webhook deliveries carry HMAC-SHA256(secret, app key + body), see
// [Signer.SignWebhook].
package sign
