package connect

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/oauth"
)

// Application is a program that sellers connect their shops to.
type Application struct {
	// Name is what it is called in addresses.
	Name string `json:"name"`
	// Title is what it is called on pages.
	Title string `json:"title"`
	// Purpose says, to a seller, what it does with the shops, such as "It reads
	// orders and prints shipping labels."
	Purpose string `json:"purpose,omitempty"`
	// ReturnURL is where the user goes afterwards; empty means a page of the
	// gateway's own.
	ReturnURL string `json:"return_url,omitempty"`
	// EventsURL gets the events; empty means none.
	EventsURL string `json:"events_url,omitempty"`
	// Secret signs events and the return: whsec_ and 24 to 64 bytes in base64.
	Secret ttshop.Secret `json:"secret,omitempty"`
	// Audiences are who may connect: seller, seller-us, creator, partner,
	// partner-us. None means sellers everywhere.
	Audiences []string `json:"audiences,omitempty"`
}

// audience is a kind of users with a page of its own at the platform.
type audience struct {
	Name  string
	Text  string // for users
	About oauth.Audience
}

// audiences are all kinds, in the order in which pages show them.
var audiences = []audience{
	{"seller", "I sell outside the United States", oauth.Seller},
	{"seller-us", "I sell in the United States", oauth.SellerUS},
	{"creator", "I am a creator", oauth.Creator},
	{"partner", "I am an affiliate partner outside the United States", oauth.Partner},
	{"partner-us", "I am an affiliate partner in the United States", oauth.PartnerUS},
}

// ParseApplications reads applications as they are in a file:
//
//	{"applications": [{"name": "erp", "title": "ERP of Example Ltd", "return_url": "https://…", …}]}
//
// No error shows a secret.
func ParseApplications(data []byte) ([]Application, error) {
	var file struct {
		Applications []json.RawMessage `json:"applications"`
	}
	if err := strict(data, &file); err != nil {
		return nil, fmt.Errorf("connect: read the applications: %w", err)
	}
	var list []Application
	for i, raw := range file.Applications {
		// The type of a secret shows nothing when it is encoded, and takes what it
		// is given when it is decoded.
		var a struct {
			Application
			Secret string `json:"secret"`
		}
		if err := strict(raw, &a); err != nil {
			return nil, fmt.Errorf("connect: read application %d: %w", i+1, err)
		}
		a.Application.Secret = ttshop.Secret(a.Secret)
		list = append(list, a.Application)
	}
	return list, nil
}

// strict decodes JSON without unknown fields and without what follows it. The texts
// of its errors do not quote values.
func strict(data []byte, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	err := decoder.Decode(into)
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return fmt.Errorf("field %s must not be a %s", wrong.Field, strings.Fields(wrong.Value)[0])
	}
	if err != nil {
		return err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return errors.New("there is something behind it")
	}
	return nil
}

// nameShape is what a name may be.
var nameShape = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,40}$`)

// reservedNames are parts of the handler's own addresses.
var reservedNames = []string{"callback", "webhook", "page.css"}

// check says what is wrong with an application.
func (a *Application) check() error {
	switch {
	case !nameShape.MatchString(a.Name) || slices.Contains(reservedNames, a.Name):
		return fmt.Errorf("connect: application %q: the name must have small letters, digits and dashes, and not be one of %s", a.Name, strings.Join(reservedNames, ", "))
	case strings.TrimSpace(a.Title) == "":
		return fmt.Errorf("connect: application %s: the title is empty; it tells users who asks", a.Name)
	}
	for what, address := range map[string]string{"return_url": a.ReturnURL, "events_url": a.EventsURL} {
		if address == "" {
			continue
		}
		if err := checkURL(address); err != nil {
			return fmt.Errorf("connect: application %s: %s %w", a.Name, what, err)
		}
		if a.Secret == "" {
			return fmt.Errorf("connect: application %s: the secret is empty, and nothing could be signed; make one with: echo whsec_$(openssl rand -base64 32)", a.Name)
		}
	}
	if a.Secret != "" {
		if _, err := a.key(); err != nil {
			return fmt.Errorf("connect: application %s: %w", a.Name, err)
		}
	}
	for _, name := range a.Audiences {
		if findAudience(name) == nil {
			return fmt.Errorf("connect: application %s: audience %q is not known; use seller, seller-us, creator, partner or partner-us", a.Name, name)
		}
	}
	return nil
}

// checkURL refuses what nothing may be sent to: all but HTTPS, and plain HTTP on
// this machine.
func checkURL(address string) error {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.User != nil || u.Fragment != "" || u.Scheme != "https" && u.Scheme != "http" {
		return errors.New("is not a valid address; use, for example, https://example.com/path")
	}
	if u.Scheme == "http" && !local(u.Hostname()) {
		return errors.New("must be https: what it gets could be changed on the way")
	}
	return nil
}

func local(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}

// secretPrefix marks a secret, as the Standard Webhooks specification has it.
const secretPrefix = "whsec_"

// key returns what signs.
func (a *Application) key() ([]byte, error) {
	text, ok := strings.CutPrefix(a.Secret.Reveal(), secretPrefix)
	key, err := base64.StdEncoding.DecodeString(text)
	if !ok || err != nil || len(key) < 24 || len(key) > 64 {
		return nil, errors.New("the secret must be whsec_ and 24 to 64 bytes in base64")
	}
	return key, nil
}

// offered returns the audiences that may connect.
func (a *Application) offered() []audience {
	var list []audience
	for _, one := range audiences {
		if slices.Contains(a.Audiences, one.Name) || len(a.Audiences) == 0 && strings.HasPrefix(one.Name, "seller") {
			list = append(list, one)
		}
	}
	return list
}

// findAudience returns an audience by its name, or nil.
func findAudience(name string) *audience {
	for i := range audiences {
		if audiences[i].Name == name {
			return &audiences[i]
		}
	}
	return nil
}
