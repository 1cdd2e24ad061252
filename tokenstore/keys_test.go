package tokenstore_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/tokenstore"
	"github.com/ttshop-go/ttshop/tokenstore/storetest"
)

// passphrase returns keys of passphrases that are cheap to derive.
func passphrase(t testing.TB, passphrases ...ttshop.Secret) *tokenstore.Keys {
	t.Helper()
	keys, err := tokenstore.Passphrases(passphrases...)
	if err != nil {
		t.Fatal(err)
	}
	keys.SetIterations(10)
	return keys
}

func TestParseKeys(t *testing.T) {
	t.Parallel()
	raw := bytes.Repeat([]byte{0xfb, 0xef}, 16)
	want, err := tokenstore.ParseKeys(hex.EncodeToString(raw))
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := want.Seal([]byte("x"), "y")
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{
		strings.ToUpper(hex.EncodeToString(raw)), base64.StdEncoding.EncodeToString(raw), base64.URLEncoding.EncodeToString(raw),
		base64.RawStdEncoding.EncodeToString(raw), " \n" + base64.RawURLEncoding.EncodeToString(raw) + "\n",
		tokenstore.GenerateKey() + "," + hex.EncodeToString(raw), tokenstore.GenerateKey() + "\n" + hex.EncodeToString(raw) + "\n",
	} {
		keys, err := tokenstore.ParseKeys(text)
		if err != nil {
			t.Errorf("a key in another form: %v", err)
			continue
		}
		if got, err := keys.Open(sealed, "y"); err != nil || string(got) != "x" {
			t.Errorf("another form opens to %q, error %v", got, err)
		}
	}
	for _, text := range []string{"", " , ", "planted-secret", hex.EncodeToString(raw[:31]), base64.StdEncoding.EncodeToString(append(raw, 1))} {
		if _, err := tokenstore.ParseKeys(text); err == nil || text != "" && strings.Contains(err.Error(), strings.TrimSpace(text)) && len(text) > 3 {
			t.Errorf("error %v", err)
		}
	}
	if _, err := tokenstore.Passphrases(); err == nil {
		t.Error("no passphrase is one")
	}
	if _, err := tokenstore.Passphrases("x", ""); err == nil {
		t.Error("an empty passphrase is one")
	}
}

func TestKeysSealAndOpen(t *testing.T) {
	t.Parallel()
	bytesKeys, phrase := newKeys(t), passphrase(t, "planted-one")
	for name, keys := range map[string]*tokenstore.Keys{"bytes": bytesKeys, "passphrase": phrase} {
		sealed, err := keys.Seal([]byte("planted-plain"), "about")
		if err != nil {
			t.Fatal(err)
		}
		again, err := keys.Seal([]byte("planted-plain"), "about")
		if err != nil || bytes.Equal(sealed, again) || bytes.Contains(sealed, []byte("planted")) {
			t.Errorf("%s: sealed twice alike or in the clear, error %v", name, err)
		}
		if got, err := keys.Open(sealed, "about"); err != nil || string(got) != "planted-plain" {
			t.Errorf("%s: %q, error %v", name, got, err)
		}
		if _, err := keys.Open(sealed, "about another"); !errors.Is(err, tokenstore.ErrCorrupt) {
			t.Errorf("%s: about something else: error %v", name, err)
		}
		if _, err := newKeys(t).Open(sealed, "about"); !errors.Is(err, tokenstore.ErrWrongKey) {
			t.Errorf("%s: wrong key: error %v", name, err)
		}
		if _, err := passphrase(t, "planted-two").Open(sealed, "about"); !errors.Is(err, tokenstore.ErrWrongKey) {
			t.Errorf("%s: wrong passphrase: error %v", name, err)
		}
		if !keys.SealedByFirst(sealed) || newKeys(t).And(keys).SealedByFirst(sealed) || keys.SealedByFirst(nil) {
			t.Errorf("%s: who sealed it is not known", name)
		}
		if got, err := newKeys(t).And(keys).Open(sealed, "about"); err != nil || string(got) != "planted-plain" {
			t.Errorf("%s: as an old key: %q, error %v", name, got, err)
		}
		if shown := fmt.Sprintf("%v %+v %#v %s %d %x", keys, keys, keys, keys, keys, keys); strings.Contains(shown, "planted") {
			t.Errorf("%s: the keys show a secret", name)
		}
		// Data that was changed anywhere never opens.
		for i := range sealed {
			changed := bytes.Clone(sealed)
			changed[i] ^= 1
			if _, err := keys.Open(changed, "about"); err == nil {
				t.Errorf("%s: opened with byte %d changed", name, i)
			}
		}
	}
}

// TestPassphraseSalt: processes that share a store derive one key.
func TestPassphraseSalt(t *testing.T) {
	t.Parallel()
	first, second := passphrase(t, "planted-one"), passphrase(t, "planted-one")
	a, err := first.Seal(nil, "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := second.Open(a, ""); err != nil {
		t.Fatal(err)
	}
	b, err := second.Seal(nil, "")
	if err != nil {
		t.Fatal(err)
	}
	if const2 := 2 + 16 + 4 + 8; !bytes.Equal(a[:const2], b[:const2]) {
		t.Error("two keys for one passphrase and store")
	}
}

func TestParseGrant(t *testing.T) {
	t.Parallel()
	want := storetest.Grant("app", "user")
	data, err := want.RevealJSON()
	if err != nil {
		t.Fatal(err)
	}
	got, err := tokenstore.ParseGrant(data)
	if err != nil || got.Token.AccessToken != want.Token.AccessToken || len(got.Shops) != 2 || !got.AuthorizedAt.Equal(want.AuthorizedAt.Truncate(1000)) {
		t.Errorf("%#v, error %v", got, err)
	}
	masked, err := json.Marshal(want)
	if err != nil || strings.Contains(string(masked), "planted") || !strings.Contains(string(masked), `"open_id":"user"`) {
		t.Errorf("masked %s, error %v", masked, err)
	}
	for text, class := range map[string]error{
		string(masked): tokenstore.ErrCorrupt,
		`{"record":2}`: tokenstore.ErrNewerVersion,
		`{"record":1}`: tokenstore.ErrCorrupt,
		`{"record":1,"app_key":"a","open_id":"b","access_token":7}`:    tokenstore.ErrCorrupt,
		`{"record":0,"app_key":"a","open_id":"b"}`:                     tokenstore.ErrCorrupt,
		`{"app_key":"a","open_id":"b","access_token":"planted-access"`: tokenstore.ErrCorrupt,
		`planted-access`: tokenstore.ErrCorrupt,
		``:               tokenstore.ErrCorrupt,
	} {
		if _, err := tokenstore.ParseGrant([]byte(text)); !errors.Is(err, class) || strings.Contains(err.Error(), "planted") {
			t.Errorf("%s: error %v, want %v", text, err, class)
		}
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d"} {
		if shown := fmt.Sprintf(verb, want) + fmt.Sprintf(verb, &want) + fmt.Sprintf(verb, []any{want}); strings.Contains(shown, "planted") {
			t.Errorf("%s shows a secret", verb)
		}
	}
}

func FuzzOpen(f *testing.F) {
	keys := passphrase(f, "planted-one").And(newKeys(f))
	sealed, err := keys.Seal([]byte("x"), "")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(sealed)
	f.Add([]byte{1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9})
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 22 && data[1] == 1 {
			copy(data[18:22], []byte{0, 0, 0, 1}) // rounds cost time
		}
		if _, err := keys.Open(data, ""); err == nil && !bytes.Equal(data, sealed) {
			t.Error("opened what nobody sealed")
		}
	})
}

func FuzzParseGrant(f *testing.F) {
	data, err := storetest.Grant("app", "user").RevealJSON()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Fuzz(func(t *testing.T, data []byte) {
		grant, err := tokenstore.ParseGrant(data)
		if err != nil {
			return
		}
		again, err := grant.RevealJSON()
		if err != nil {
			t.Skip() // such as a time zone that JSON cannot write
		}
		if _, err := tokenstore.ParseGrant(again); err != nil {
			t.Errorf("what was written cannot be read: %v", err)
		}
	})
}
