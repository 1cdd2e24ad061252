// Package explain says why a signature of the TikTok Shop Open API is wrong.
//
// [Explain] takes a request as it was sent, with the signature that it carried,
// and the app secret. It shows the string that is signed piece by piece, and
// where the signature is wrong it signs the request anew with every mistake
// that is known to be made, alone and in pairs, until one gives the signature
// that was sent. A mistake that is found is certain, not a guess: another
// string with the same signature cannot be had.
//
// Requests come from values ([Request]), from the text of an HTTP request
// ([ParseHTTP]), from a curl command line ([ParseCurl]) or from a HAR file
// ([ParseHAR]).
//
// No report holds the app secret or the access token, wherever the request
// carries them.
package explain
