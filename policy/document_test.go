package policy_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/policy"
)

// plainSealer marks what is sealed about what; the real one is tokenstore's.
type plainSealer struct{}

func (plainSealer) Seal(plain []byte, about string) ([]byte, error) {
	return []byte(about + "|" + string(plain)), nil
}

func (plainSealer) Open(sealed []byte, about string) ([]byte, error) {
	plain, ok := strings.CutPrefix(string(sealed), about+"|")
	if !ok {
		return nil, errors.New("sealed about something else")
	}
	return []byte(plain), nil
}

func TestLifeOfAKey(t *testing.T) {
	t.Parallel()
	operations, _ := newOperations(t)
	d := &policy.Document{Version: 1}
	end := now.Add(90 * 24 * time.Hour)
	first := create(t, d, policy.Key{Name: "erp", Allow: []string{"*"}, Shops: []string{"*"}, Expires: end}, nil)
	if _, err := d.Create(policy.Key{Name: "erp"}, now, nil); err == nil {
		t.Error("two keys with one name")
	}
	check := func(what, key string, at time.Time, want policy.Rule) {
		t.Helper()
		client, decision := newRules(t, operations, d).Authenticate(key, at)
		if (client == nil) != (want != "") || decision.Rule != want {
			t.Errorf("%s: %v, rule %q, want %q", what, client, decision.Rule, want)
		}
	}
	check("fresh", first.RevealKey(), now, "")
	check("its id", first.ID(), now, policy.RuleUnknownKey)
	check("nothing", "", now, policy.RuleUnknownKey)
	check("something long", strings.Repeat("x", 1<<20), now, policy.RuleUnknownKey)
	check("a moment before its end", first.RevealKey(), end.Add(-1), "")
	check("at its end", first.RevealKey(), end, policy.RuleExpired)

	second, err := d.Rotate("erp", 24*time.Hour, now, nil)
	if err != nil {
		t.Fatal(err)
	}
	if second.RevealKey() == first.RevealKey() || !strings.HasPrefix(second.RevealKey(), policy.Prefix) || len(second.RevealKey()) != len(policy.Prefix)+43 {
		t.Errorf("the new key is no new key of 256 bits")
	}
	check("the old one during the overlap", first.RevealKey(), now.Add(24*time.Hour-1), "")
	check("the old one after it", first.RevealKey(), now.Add(24*time.Hour), policy.RuleExpired)
	check("the new one after it", second.RevealKey(), now.Add(24*time.Hour), "")
	third, err := d.Rotate("erp", time.Hour, now.Add(25*time.Hour), nil)
	if err != nil {
		t.Fatal(err)
	}
	check("one that has ended is dropped", first.RevealKey(), now, policy.RuleUnknownKey)
	check("the newest", third.RevealKey(), now, "")

	if err := d.Revoke("erp", now); err != nil {
		t.Fatal(err)
	}
	check("revoked", third.RevealKey(), now, policy.RuleRevoked)
	if _, err := d.Rotate("erp", 0, now, nil); err == nil {
		t.Error("a revoked key was rotated")
	}
	if d.Revoke("nobody", now) == nil {
		t.Error("an unknown key was revoked")
	}
}

func TestSigningCredential(t *testing.T) {
	t.Parallel()
	operations, _ := newOperations(t)
	d := &policy.Document{Version: 1}
	signer := create(t, d, policy.Key{Name: "signer", Allow: []string{"*"}}, plainSealer{})
	bearer := create(t, d, policy.Key{Name: "bearer", Allow: []string{"*"}}, nil)
	rules := newRules(t, operations, d)
	client, sealed, _ := rules.Credential(signer.ID(), now)
	if client == nil || client.Name() != "signer" {
		t.Fatalf("the credential is that of %v", client)
	}
	plain, err := plainSealer{}.Open(sealed, policy.SealedAbout(signer.ID()))
	if err != nil || string(plain) != signer.RevealSecret() || len(plain) != 43 {
		t.Errorf("the secret for signatures comes back as %d bytes, error %v", len(plain), err)
	}
	for _, id := range []string{bearer.ID(), "", "ttcnobody"} {
		if client, _, decision := rules.Credential(id, now); client != nil || decision.Rule != policy.RuleUnknownKey {
			t.Errorf("credential %q signs: %+v", id, decision)
		}
	}
}

// No secret is in what is stored or printed.
func TestSecretsStayHidden(t *testing.T) {
	t.Parallel()
	d := &policy.Document{Version: 1}
	issued := create(t, d, policy.Key{Name: "k"}, nil)
	signer := create(t, d, policy.Key{Name: "s"}, plainSealer{})
	stored, err := d.Encode()
	if err != nil {
		t.Fatal(err)
	}
	var logged strings.Builder
	slog.New(slog.NewJSONHandler(&logged, nil)).Info("x", "issued", signer, "document", d)
	asJSON, err := json.Marshal([]policy.Issued{issued, signer})
	if err != nil {
		t.Fatal(err)
	}
	all := string(stored) + logged.String() + string(asJSON)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		all += fmt.Sprintf(verb, issued) + fmt.Sprintf(verb, []policy.Issued{signer})
	}
	for _, secret := range []string{issued.RevealKey(), signer.RevealKey(), signer.RevealSecret(), issued.RevealKey()[4:]} {
		if strings.Contains(all, secret) || strings.Contains(all, fmt.Sprintf("%x", secret)) {
			t.Error("a secret shows")
		}
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"unknown field": `{"version":1,"keys":[{"name":"a","read_olny":true}]}`,
		"newer":         `{"version":2,"keys":[]}`,
		"no version":    `{"keys":[]}`,
		"more behind":   `{"version":1,"keys":[]} {}`,
		"broken":        `{"version":1`,
		"short hash":    `{"version":1,"keys":[{"name":"a","credentials":[{"id":"x","sha256":"00"}]}]}`,
		"odd hash":      `{"version":1,"keys":[{"name":"a","credentials":[{"id":"x","sha256":"` + strings.Repeat("g", 64) + `"}]}]}`,
	} {
		if _, err := policy.Parse([]byte(text)); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if d, err := policy.Parse([]byte(" \n")); err != nil || len(d.Keys) != 0 {
		t.Errorf("nothing: %v, %v", d, err)
	}
}

func TestFileKeepsEveryChange(t *testing.T) {
	t.Parallel()
	operations, _ := newOperations(t)
	file := policy.File(filepath.Join(t.TempDir(), "keys.json"))
	const writers = 12
	var group sync.WaitGroup
	for i := range writers {
		group.Go(func() {
			err := policy.Update(t.Context(), file, operations, func(d *policy.Document) error {
				_, err := d.Create(policy.Key{Name: fmt.Sprintf("k%d", i), Allow: []string{"*"}}, now, nil)
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	data, version, err := file.Read(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	d, err := policy.Parse(data)
	if err != nil || len(d.Keys) != writers {
		t.Errorf("%d keys, error %v", len(d.Keys), err)
	}
	info, err := os.Stat(string(file))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, error %v", info.Mode(), err)
	}
	if again, same, err := file.Read(t.Context(), version); again != nil || same != version || err != nil {
		t.Errorf("a known version: %d bytes, %t, %v", len(again), same == version, err)
	}
	if done, err := file.Write(t.Context(), "stale", nil); done || err != nil {
		t.Errorf("a stale write: %t, %v", done, err)
	}
	entries, err := os.ReadDir(filepath.Dir(string(file)))
	if err != nil || len(entries) != 1 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
	if err := os.Chmod(string(file), 0o620); err != nil {
		t.Fatal(err)
	}
	if _, _, err := file.Read(t.Context(), ""); runtime.GOOS != "windows" && (err == nil || !strings.Contains(err.Error(), "others may write")) {
		t.Errorf("a file that others may write: %v", err)
	}
	if err := os.Chmod(string(file), 0o644); err != nil { // that others may read it matters less: it has no secrets
		t.Fatal(err)
	}
	// What makes no rules is not stored.
	err = policy.Update(t.Context(), file, operations, func(d *policy.Document) error {
		d.Keys[0].Deny = []string{"ordr.*"}
		return nil
	})
	if err == nil || !strings.Contains(err.Error(), "ordr.*") {
		t.Errorf("error %v", err)
	}
}

func TestBookKeepsTheFormerRules(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "keys.json")
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	book, err := policy.Open(t.Context(), policy.File(path), new(catalog.Catalog))
	if err != nil {
		t.Fatal(err)
	}
	if n := book.Rules().Len(); n != 0 {
		t.Errorf("%d keys without a file", n)
	}
	write(`{"version":1,"keys":[{"name":"a","allow":["order.*"],"credentials":[]}]}`)
	if err := book.Reload(t.Context()); err != nil || book.Rules().Client("a") == nil {
		t.Fatalf("error %v", err)
	}
	for name, text := range map[string]string{"broken": `{"version":1,"keys":[{"na`, "misspelt": `{"version":1,"keys":[{"name":"b","deny":["ordr.*"]}]}`} {
		write(text)
		if err := book.Reload(t.Context()); err == nil {
			t.Errorf("%s: no error", name)
		}
		if book.Rules().Client("a") == nil || book.State().Error == "" || book.State().Keys != 1 {
			t.Errorf("%s: state %+v", name, book.State())
		}
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if err := book.Reload(t.Context()); err == nil || book.Rules().Client("a") == nil {
		t.Errorf("the file is gone: error %v", err)
	}
	write(`{"version":1,"keys":[]}`)
	if err := book.Reload(t.Context()); err != nil || book.Rules().Len() != 0 || book.State().Error != "" {
		t.Errorf("mended: error %v, state %+v", err, book.State())
	}
}

func TestWatchSeesAChange(t *testing.T) {
	t.Parallel()
	operations, c := newOperations(t)
	file := policy.File(filepath.Join(t.TempDir(), "keys.json"))
	book, err := policy.Open(t.Context(), file, c)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	changes := make(chan policy.BookState, 9)
	ended := make(chan struct{})
	go func() {
		book.Watch(ctx, time.Millisecond, func(s policy.BookState) { changes <- s })
		close(ended)
	}()
	err = policy.Update(t.Context(), file, operations, func(d *policy.Document) error {
		_, err := d.Create(policy.Key{Name: "new"}, now, nil)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if s := <-changes; s.Keys != 1 || s.Error != "" {
		t.Errorf("state %+v", s)
	}
	stop()
	<-ended
}

func FuzzParse(f *testing.F) {
	operations, _ := newOperations(f)
	f.Add(`{"version":1,"keys":[{"name":"a","allow":["order.*"],"deny":["*.Get*"],"shops":["name:x"],"rate":1.5,"credentials":[{"id":"x","sha256":"` + strings.Repeat("0f", 32) + `"}]}]}`)
	f.Fuzz(func(t *testing.T, text string) {
		d, err := policy.Parse([]byte(text))
		if err != nil {
			return
		}
		rules, err := operations.NewRules(d.Keys)
		if err != nil {
			return
		}
		for _, k := range d.Keys {
			decision := rules.Client(k.Name).Decide(policy.Request{Operation: "order.GetOrderList", Shop: policy.Shop{ID: "1"}})
			if decision.Allowed && (len(k.Allow) == 0 || len(k.Shops) == 0) {
				t.Errorf("%+v allows what nothing allows", k)
			}
		}
	})
}

func FuzzMatch(f *testing.F) {
	f.Add("order.*", "order.GetOrderList")
	f.Add("*a*b*", "xaxbx")
	f.Fuzz(func(t *testing.T, pattern, text string) {
		parts := strings.Split(pattern, "*")
		for i := range parts {
			parts[i] = regexp.QuoteMeta(parts[i])
		}
		re, err := regexp.Compile(`(?s)\A` + strings.Join(parts, ".*") + `\z`)
		if err != nil || strings.ToValidUTF8(pattern+text, "") != pattern+text {
			return // the model reads text only
		}
		if got, want := policy.Match(pattern, text), re.MatchString(text); got != want {
			t.Errorf("match(%q, %q) = %t, want %t", pattern, text, got, want)
		}
	})
}

func Example() {
	operations, err := policy.NewOperations(new(catalog.Catalog))
	if err != nil {
		fmt.Println(err)
		return
	}
	var document policy.Document
	issued, err := document.Create(policy.Key{
		Name: "erp", Allow: []string{"order.*"}, Deny: []string{"order.AddExternal*"}, Shops: []string{"7494049642642441621"},
	}, time.Now(), nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	rules, err := operations.NewRules(document.Keys)
	if err != nil {
		fmt.Println(err)
		return
	}
	client, _ := rules.Authenticate(issued.RevealKey(), time.Now())
	for _, operation := range []string{"order.GetOrderList", "order.AddExternalOrderReferences", "finance.GetStatements"} {
		fmt.Println(client.Decide(policy.Request{Operation: operation, Shop: policy.Shop{ID: "7494049642642441621"}}))
	}
	// Output:
	// key erp: allow "order.*" permits order.GetOrderList
	// key erp: deny "order.AddExternal*" forbids order.AddExternalOrderReferences
	// key erp: nothing allows finance.GetStatements
}
