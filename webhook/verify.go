package webhook

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"

	"github.com/ttshop-go/ttshop/sign"
)

// The errors of [Handler.Verify], for [errors.Is]. Their texts say what is
// wrong and belong in a log, never in the answer.
var (
	// ErrSignature: the delivery is not signed by the platform for one of the apps.
	ErrSignature = errors.New("signature refused")
	// ErrWindow: the signature is right, but the event's time is outside the
	// replay window.
	ErrWindow = errors.New("outside of the replay window")
)

// verifyError says why a delivery is refused.
type verifyError struct {
	class  error
	reason string
}

func (e *verifyError) Error() string { return e.class.Error() + ": " + e.reason }
func (e *verifyError) Unwrap() error { return e.class }

// match returns the app that a delivery is signed for and which of its secrets
// did it, 0 for the newest.
func match(apps []App, authorization string, body []byte) (appKey string, secret int, ok bool) {
	for _, app := range apps {
		for i, signer := range app.signers {
			if signer.VerifyWebhook(app.key, body, authorization) {
				return app.key, i, true
			}
		}
	}
	return "", 0, false
}

// diagnoseLimit is the size of a body up to which further readings of a wrong
// signature are tried: forged deliveries must not cost much time.
const diagnoseLimit = 64 << 10

const (
	hexDigits = "0123456789abcdef"
	noDigest  = "the Authorization header does not hold 64 lower-case hexadecimal characters"
)

// notASignature says why a header cannot hold a signature, whatever the body is;
// it is empty if it can. A header that ends in a digest can, so that diagnose
// reports what precedes it.
func notASignature(authorization string) string {
	if authorization == "" {
		return "the Authorization header is missing: not a delivery of the platform, or a proxy removed it"
	}
	digest := authorization[max(0, len(authorization)-sign.Size):]
	if len(digest) < sign.Size || strings.Trim(strings.ToLower(digest), hexDigits) != "" {
		return noDigest
	}
	return ""
}

// diagnose says why a signature is wrong, as far as it can be told.
func diagnose(apps []App, authorization string, body []byte) string {
	if reason := notASignature(authorization); reason != "" {
		return reason
	}
	if len(apps) == 0 || len(apps[0].signers) == 0 {
		return "no app is configured"
	}
	if len(body) > diagnoseLimit {
		return "it does not match the body, which is too large to look further"
	}
	matches := func(authorization string, body []byte) bool {
		_, _, ok := match(apps, authorization, body)
		return ok
	}
	trimmed := authorization[strings.LastIndexAny(authorization, " =")+1:]
	if trimmed != authorization && matches(trimmed, body) {
		return "the digest is right, but something precedes it"
	}
	if lower := strings.ToLower(authorization); lower != authorization && matches(lower, body) {
		return "the digest is right, but in upper case"
	}
	if len(authorization) != sign.Size || strings.Trim(authorization, hexDigits) != "" {
		return noDigest
	}
	if matches(authorization, bytes.TrimSpace(body)) || matches(authorization, append(bytes.Clone(body), '\n')) {
		return "it matches the body without the white space at its ends: something on the way changed the body"
	}
	var compact bytes.Buffer
	if json.Compact(&compact, body) == nil && matches(authorization, compact.Bytes()) {
		return "it matches the body in compact form: something on the way parsed the body and wrote it again"
	}
	for _, app := range apps {
		for _, signer := range app.signers {
			if signer.VerifyWebhook("", body, authorization) {
				return "it is made without the app key in front of the body"
			}
			for _, other := range apps {
				if signer.VerifyWebhook(other.key, body, authorization) {
					return "it is made with the key of one app and the secret of another: check which secret belongs to which key"
				}
			}
		}
	}
	return "it is made with another app key or secret, over another body, or it is forged"
}
