// Package explain says why a signature of the TikTok Shop Open API is wrong.
//
// [Explain] takes a request as it was sent, with the signature that it carried,
// and the app secret. It shows the signed string piece by piece, and if the
// signature is wrong it signs the request again with every known mistake, alone
// and in pairs, until one yields the signature that was sent. A mistake that it
// finds is certain, not a guess: no other string with the same signature can be
// found.
//
// Requests come from values ([Request]), from the text of an HTTP request
// ([ParseHTTP]), from a curl command line ([ParseCurl]) or from a HAR file
// ([ParseHAR]).
//
// No report holds the app secret or the access token, wherever the request
// carries them.
package explain
