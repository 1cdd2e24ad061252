package signing

import (
	"errors"
	"strings"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/sign/explain"
)

// ExplainRefusal returns what can be said about a signature that the platform
// refused, or nothing where the error is another.
func ExplainRefusal(s *platform.Session, err error) string {
	var refused *ttshop.Error
	if s.Sent == nil || !errors.As(err, &refused) || refused.Code != platform.CodeSignature {
		return ""
	}
	secret := s.Sent.Secret.Reveal()
	request, err := s.Sent.Request()
	if err != nil {
		return ""
	}
	report, err := explain.Explain(request, secret, explain.Options{Now: s.Now()})
	if err != nil {
		return ""
	}
	var b strings.Builder
	line := func(indent, text string) {
		for _, l := range console.Wrap(strings.Fields(text), " ", console.Width-len(indent)) {
			b.WriteString(indent + l + "\n")
		}
	}
	if report.OK {
		line("", "The signature is the right one for this secret and the string")
	} else {
		line("", sentenceOf(report.Summary)+" The string to sign is")
	}
	for _, l := range cut(console.Printable(console.Shorten(report.Canonical, 900)), console.Width-2) {
		b.WriteString("  " + l + "\n")
	}
	switch {
	case strings.TrimSpace(secret) != secret:
		line("", "The secret begins or ends with white space, which counts: if it does not belong there, remove it.")
	case report.OK:
		line("", "So the secret is most likely that of another app than "+console.Printable(s.Sent.Key)+", or something on the way, such as a proxy, changed URL or body.")
	}
	for _, note := range report.Notes {
		line("", sentenceOf(note))
	}
	return strings.TrimRight(b.String(), "\n")
}
