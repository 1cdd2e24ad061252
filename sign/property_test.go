package sign_test

import (
	"maps"
	"math/rand/v2"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/sign"
)

// anyText returns up to n of the runes.
func anyText(random *rand.Rand, n int, runes string) string {
	all := []rune(runes)
	text := make([]rune, random.IntN(n+1))
	for i := range text {
		text[i] = all[random.IntN(len(all))]
	}
	return string(text)
}

const values = "abzAZ019 _.-~%&=+?/#[]{}\"'\\\n\x00é😀"

// anyRequest returns a request whose keys are unique and never those that the
// signature leaves out.
func anyRequest(random *rand.Rand) sign.Request {
	types := []string{"", "application/json", "multipart/form-data; boundary=b"}
	r := sign.Request{
		Path:        "/" + anyText(random, 20, "abz059/_%"),
		Query:       url.Values{},
		ContentType: types[random.IntN(len(types))],
		Body:        []byte(anyText(random, 30, values)),
	}
	for range random.IntN(30) {
		key := "k" + anyText(random, 11, "abzAZ09_.[]é") // not sign, not access_token
		r.Query.Set(key, anyText(random, 12, values))
	}
	return r
}

func rawQuery(random *rand.Rand, query url.Values) string {
	var parts []string
	for _, k := range slices.Sorted(maps.Keys(query)) {
		parts = append(parts, url.QueryEscape(k)+"="+url.QueryEscape(query.Get(k)))
	}
	random.Shuffle(len(parts), func(i, j int) { parts[i], parts[j] = parts[j], parts[i] })
	return strings.Join(parts, "&")
}

// trials runs a test with so many sources of random values; a failure names its
// seed.
func trials(t *testing.T, n uint64, test func(t *testing.T, random *rand.Rand)) {
	t.Helper()
	for seed := range n {
		t.Run(strconv.FormatUint(seed, 10), func(t *testing.T) { test(t, rand.New(rand.NewPCG(seed, 0))) })
	}
}

func TestOrderAndDroppedParametersNeverMatter(t *testing.T) {
	t.Parallel()
	trials(t, 300, func(t *testing.T, random *rand.Rand) {
		r := anyRequest(random)
		r.Query.Set("timestamp", "1700000000")
		signer := sign.New(anyText(random, 20, values))
		want := signer.Sign(r)
		first, err := signer.SignURL(host+r.Path+"?"+rawQuery(random, r.Query), r.ContentType, r.Body, time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		if first.Signature != want {
			t.Fatalf("SignURL = %s, Sign = %s", first.Signature, want)
		}
		r.Query.Set("sign", anyText(random, 20, values))
		r.Query.Set("access_token", anyText(random, 20, values))
		if got := signer.Sign(r); got != want {
			t.Fatal("sign or access_token changes the signature")
		}
	})
}

func TestAnyOtherChangeMatters(t *testing.T) {
	t.Parallel()
	trials(t, 300, func(t *testing.T, random *rand.Rand) {
		r := anyRequest(random)
		signer := sign.New("secret")
		before := signer.Sign(r)
		changed := r
		switch changes := []string{"path", "value", "add", "remove", "body", "secret"}; changes[random.IntN(len(changes))] {
		case "path":
			changed.Path += "x"
			// A path that grows into the first key is the one ambiguity of
			// the scheme; x cannot be moved there, since the rest is equal.
		case "value":
			changed.Query = cloneQuery(r.Query)
			changed.Query.Set("app_key", r.Query.Get("app_key")+"0")
		case "add":
			changed.Query = cloneQuery(r.Query)
			changed.Query.Set("new_parameter", "")
		case "remove":
			r.Query.Set("old_parameter", "1")
			before = signer.Sign(r)
			changed.Query = cloneQuery(r.Query)
			changed.Query.Del("old_parameter")
		case "body":
			if strings.HasPrefix(r.ContentType, "multipart") {
				t.Skip("a multipart body is not signed")
			}
			changed.Body = append(slices.Clone(r.Body), ' ')
		case "secret":
			signer = sign.New("secret2")
		}
		if signer.Sign(changed) == before {
			t.Fatal("the change does not matter")
		}
	})
}

func cloneQuery(q url.Values) url.Values {
	c := url.Values{}
	for k, v := range q {
		c[k] = slices.Clone(v)
	}
	return c
}
