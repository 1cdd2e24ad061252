package sign

import "strings"

// SecretMask stands for the app secret in [Signer.Canonical].
const SecretMask = "<app_secret>"

// Canonical returns the string that is signed, for people to look at: the
// secret at both ends is replaced by [SecretMask]. A body that is not text is
// returned as it is.
func (s *Signer) Canonical(r Request) string {
	st := s.state()
	defer s.pool.Put(st)
	st.collect(r.Query)
	sortPairs(st.pairs)
	var b strings.Builder
	b.WriteString(SecretMask)
	b.WriteString(r.Path)
	for _, p := range st.pairs {
		b.WriteString(p.key)
		b.WriteString(p.value)
	}
	b.Write(s.signedBody(r.ContentType, r.Body))
	b.WriteString(SecretMask)
	return b.String()
}
