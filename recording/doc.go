// Package recording writes answers of the platform into files, without people's
// data and secrets, so that they can be given away: as facts about the platform
// and as data of tests.
//
// A [Recorder] is put around the transport of a client:
//
//	recorder, err := recording.New("recordings", recording.Options{Source: "VN, development shop"})
//	client := ttshop.New(key, secret, ttshop.WithHTTPClient(&http.Client{Transport: recorder.Transport(nil)}))
//
// What stays as it was are names of members, types, listed values, times, amounts
// of money and measures, as far as the catalogue knows their fields. Ids are
// replaced, the same id by the same other one in all files of a recorder. Texts,
// links and tokens are replaced by a letter. A field that the catalogue does not
// know keeps its name and its type and loses its value.
package recording
