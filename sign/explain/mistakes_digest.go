package explain

import (
	"encoding/base64"
	"encoding/hex"
	"strings"

	"github.com/ttshop-go/ttshop/sign"
)

// digestMistakes are about the digest of the string.
func digestMistakes() []hypothesis {
	return []hypothesis{
		{"digest", ofDigest, 70, false, otherDigest},
		{"digest-swapped", ofDigest, 68, false, swappedDigest},
	}
}

const digestFix = "use HMAC-SHA-256 with the secret as the key"

func otherDigest(_ *facts, add addFunc) {
	for _, d := range []struct {
		kind digestKind
		name string
	}{
		{plainSHA256, "plain SHA-256, without a key"},
		{hmacMD5, "HMAC-MD5"},
		{plainMD5, "plain MD5"},
		{hmacSHA1, "HMAC-SHA-1"},
		{plainSHA1, "plain SHA-1"},
		{hmacSHA512, "HMAC-SHA-512"},
		{plainSHA512, "plain SHA-512"},
	} {
		add("you used "+d.name, digestFix, func(r *recipe) { r.digest = d.kind })
	}
}

func swappedDigest(_ *facts, add addFunc) {
	add("you swapped key and message of the HMAC: the string was the key", digestFix+" and the string as the message",
		func(r *recipe) { r.digest = swappedSHA256 })
}

// target is a reading of a signature that was sent.
type target struct {
	sum   []byte
	start bool // sum is only the first part of the digest
	way   *way // the mistake in its form; nil: none
}

// minStart is the number of bytes from which the start of a digest is recognised:
// that many do not agree by chance.
const minStart = 8

// outputIDs are the ids of the mistakes in the form of a signature.
var outputIDs = []string{"output-base64", "output-cut", "output-decorated", "output-twice", "output-upper-case"}

// outputMistake returns a mistake in the form of the signature.
func outputMistake(id, sentence, fix string) *way {
	return &way{&hypothesis{id: id, weight: 80}, sentence, fix, func(*recipe) {}}
}

// targets returns the ways to read a signature.
func targets(got string) []target {
	const hexFix = "send the digest as 64 lower-case hex digits"
	var list []target
	add := func(sum []byte, way *way) { list = append(list, target{sum: sum, way: way}) }
	read := func(text string, decorated *way) {
		if sum, err := hex.DecodeString(text); err == nil {
			way := decorated
			if text != strings.ToLower(text) && decorated == nil {
				way = outputMistake("output-upper-case", "you sent the signature in upper-case hex", hexFix)
			}
			add(sum, way)
			// Hex digits of hex digits.
			if inner, err := hex.DecodeString(string(sum)); err == nil && len(inner) > 0 && decorated == nil {
				add(inner, outputMistake("output-twice", "you encoded the digest in hex twice", hexFix))
			}
		}
		if decorated != nil {
			return
		}
		if sum, alphabet := decodeBase64(text); sum != nil {
			add(sum, outputMistake("output-base64", "you sent the signature in "+alphabet+", not in hex", hexFix))
			if inner, err := hex.DecodeString(string(sum)); err == nil {
				add(inner, outputMistake("output-base64", "you sent the hex digits of the signature encoded again in "+alphabet, hexFix))
			}
		}
	}
	read(got, nil)
	if bare := undecorated(got); bare != got {
		read(bare, outputMistake("output-decorated", "you sent more than the signature in the parameter sign: white space, quotes or a prefix", hexFix+" and nothing else"))
	}
	if n := len(got) &^ 1; n >= 2*minStart && len(got) < sign.Size {
		if sum, err := hex.DecodeString(got[:n]); err == nil {
			list = append(list, target{sum, true, outputMistake("output-cut", "you sent only the first part of the signature", hexFix)})
		}
	}
	return list
}

// decodeBase64 returns nil if text is not base64. A + that was read as a space is
// restored.
func decodeBase64(text string) (sum []byte, alphabet string) {
	bare := strings.TrimRight(strings.ReplaceAll(text, " ", "+"), "=")
	if sum, err := base64.RawStdEncoding.DecodeString(bare); err == nil && len(sum) > 0 {
		return sum, "base64"
	}
	if sum, err := base64.RawURLEncoding.DecodeString(bare); err == nil && len(sum) > 0 {
		return sum, "base64url"
	}
	return nil, ""
}

// undecorated strips what people put around a signature.
func undecorated(s string) string {
	s = strings.Trim(s, " \t\r\n\"'")
	for _, prefix := range []string{"0x", "sha256=", "sha256:", "HMAC-SHA256 ", "HMAC-SHA256=", "Bearer "} {
		if len(s) > len(prefix) && strings.EqualFold(s[:len(prefix)], prefix) {
			return s[len(prefix):]
		}
	}
	return s
}
