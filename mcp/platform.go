package mcp

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/tokenstore"
)

// Shop is whom calls are made for: a shop or, with Grant, a creator or a partner.
type Shop struct {
	ID     string `json:"id"`
	Name   string `json:"name,omitempty"`
	Region string `json:"region,omitempty"`
	Code   string `json:"code,omitempty"`
	Grant  bool   `json:"creator_or_partner,omitempty"` // the id is the open id of a grant without shops
}

// Request is a call of an operation.
type Request struct {
	Shop      Shop
	Operation *catalog.Operation
	Path      string // escaped
	Query     url.Values
	Body      json.RawMessage // nil: none
	Form      *ttshop.Form    // in place of Body; read once
}

// Answer is what the platform answered.
type Answer struct {
	Data      json.RawMessage
	RequestID string
}

// Platform is where operations are called.
type Platform interface {
	// Shops returns the shops that calls can be made for.
	Shops(ctx context.Context) ([]Shop, error)
	// Account returns all shops that a call reaches which names none.
	Account(ctx context.Context, shop Shop) ([]Shop, error)
	// Call calls an operation. A refusal by the platform is a *ttshop.Error.
	Call(ctx context.Context, r Request) (Answer, error)
}

// Fleet returns the platform that a fleet of grants reaches.
func Fleet(fleet *tokenstore.Fleet) Platform { return fleetPlatform{fleet} }

type fleetPlatform struct{ fleet *tokenstore.Fleet }

func shopOf(s tokenstore.Shop) Shop {
	return Shop{ID: s.ID, Name: s.Name, Region: s.Region, Code: s.Code}
}

// Shops implements [Platform].
func (p fleetPlatform) Shops(ctx context.Context) ([]Shop, error) {
	grants, err := p.fleet.Grants(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the grants: %w", err)
	}
	var shops []Shop
	for _, g := range grants {
		for _, s := range g.Shops {
			shops = append(shops, shopOf(s))
		}
		if len(g.Shops) == 0 {
			shops = append(shops, Shop{ID: g.Key.OpenID, Name: g.Token.SellerName, Grant: true})
		}
	}
	return shops, nil
}

func (p fleetPlatform) reach(ctx context.Context, shop Shop) (tokenstore.Reach, error) {
	if shop.Grant {
		return p.fleet.ReachUser(ctx, shop.ID)
	}
	return p.fleet.Reach(ctx, shop.ID)
}

// Account implements [Platform].
func (p fleetPlatform) Account(ctx context.Context, shop Shop) ([]Shop, error) {
	reach, err := p.reach(ctx, shop)
	if err != nil {
		return nil, fmt.Errorf("find shop %s: %w", shop.ID, err)
	}
	shops := make([]Shop, len(reach.Shops))
	for i, s := range reach.Shops {
		shops[i] = shopOf(s)
	}
	return shops, nil
}

// Call implements [Platform].
func (p fleetPlatform) Call(ctx context.Context, r Request) (Answer, error) {
	reach, err := p.reach(ctx, r.Shop)
	if err != nil {
		return Answer{}, fmt.Errorf("find shop %s: %w", r.Shop.ID, err)
	}
	client := reach.Client
	if r.Operation.ShopCipher == catalog.RuleAbsent || r.Shop.Grant {
		client = client.Shop("")
	}
	return send(ctx, client, r)
}

// send calls an operation with a client.
func send(ctx context.Context, client *ttshop.Client, r Request) (Answer, error) {
	op := r.Operation
	var body any
	switch {
	case r.Form != nil:
		body = r.Form
	case r.Body != nil:
		body = r.Body
	}
	response, err := client.Call(ctx, op.Method, r.Path, r.Query, body, ttshop.AsOperation(&ttshop.Operation{
		Name: op.FullName(), Method: op.Method, Path: op.Path, Read: !op.Write,
		IdempotencyKey: op.IdempotencyKey, Check: op.Check, Scope: strings.Join(op.Scopes, ", "),
	}))
	if response == nil {
		return Answer{}, err
	}
	return Answer{Data: response.Data, RequestID: response.RequestID}, err
}

// Single returns the platform that one client reaches, for the shops that its token
// is good for.
func Single(client *ttshop.Client, known *catalog.Catalog) Platform {
	return &singlePlatform{client: client, catalog: known}
}

type singlePlatform struct {
	client  *ttshop.Client
	catalog *catalog.Catalog

	mu      sync.Mutex
	shops   []Shop
	ciphers map[string]string // by id; nil until it was asked for
}

// listOperation lists the shops of a token.
const listOperation = "authorization.GetAuthorizedShops"

// Shops implements [Platform].
func (p *singlePlatform) Shops(ctx context.Context) ([]Shop, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ciphers != nil {
		return p.shops, nil
	}
	entry, _ := p.catalog.ByName(listOperation)
	op, err := p.catalog.Describe(entry)
	if err != nil {
		return nil, err
	}
	answer, err := send(ctx, p.client.Shop(""), Request{Operation: op, Path: op.Path})
	if err != nil {
		return nil, fmt.Errorf("list the shops: %w", err)
	}
	var list struct{ Shops []tokenstore.Shop }
	if err := json.Unmarshal(answer.Data, &list); err != nil {
		return nil, fmt.Errorf("list the shops: %w", err)
	}
	p.ciphers = map[string]string{}
	for _, s := range list.Shops {
		p.shops = append(p.shops, shopOf(s))
		p.ciphers[s.ID] = s.Cipher
	}
	return p.shops, nil
}

// Account implements [Platform].
func (p *singlePlatform) Account(ctx context.Context, _ Shop) ([]Shop, error) { return p.Shops(ctx) }

// Call implements [Platform].
func (p *singlePlatform) Call(ctx context.Context, r Request) (Answer, error) {
	client := p.client.Shop("")
	if r.Operation.ShopCipher != catalog.RuleAbsent {
		if _, err := p.Shops(ctx); err != nil {
			return Answer{}, err
		}
		p.mu.Lock()
		client = client.Shop(p.ciphers[r.Shop.ID])
		p.mu.Unlock()
	}
	return send(ctx, client, r)
}

// Gateway returns the platform behind a ttshop gateway. The gateway knows secrets,
// tokens and ciphers, and decides by its own policy; this process has the key alone.
// Shops are those that the key is for, by id, code or name; with none it has to be
// a key of one shop.
func Gateway(address string, key ttshop.Secret, shops []string, transport http.RoundTripper) Platform {
	if transport == nil {
		transport = http.DefaultTransport
	}
	p := &gatewayPlatform{}
	for _, ref := range shops {
		p.shops = append(p.shops, Shop{ID: ref})
	}
	if len(shops) == 0 {
		p.shops = []Shop{{ID: onlyShop}}
	}
	// The client signs for nobody: the transport takes off what it adds.
	p.client = ttshop.New("gateway", "gateway", ttshop.WithEndpoint(address), ttshop.WithTokenSource(ttshop.StaticToken("gateway")),
		ttshop.WithHTTPClient(&http.Client{Transport: gatewayTransport{key, transport}}))
	return p
}

// onlyShop stands for the one shop of a gateway's key.
const onlyShop = "the shop of the key"

type gatewayPlatform struct {
	client *ttshop.Client
	shops  []Shop
}

// Shops implements [Platform].
func (p *gatewayPlatform) Shops(context.Context) ([]Shop, error) { return p.shops, nil }

// Account implements [Platform].
func (p *gatewayPlatform) Account(context.Context, Shop) ([]Shop, error) { return p.shops, nil }

type shopRef struct{}

// Call implements [Platform].
func (p *gatewayPlatform) Call(ctx context.Context, r Request) (Answer, error) {
	ref := r.Shop.ID
	if ref == onlyShop {
		ref = ""
	}
	return send(context.WithValue(ctx, shopRef{}, ref), p.client, r)
}

// gatewayTransport makes of a request to the platform one to a gateway.
type gatewayTransport struct {
	key  ttshop.Secret
	next http.RoundTripper
}

// RoundTrip implements http.RoundTripper.
func (t gatewayTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	query := r.URL.Query()
	for _, name := range []string{"app_key", "sign", "timestamp"} {
		query.Del(name)
	}
	r.URL.RawQuery = query.Encode()
	r.Header.Del("X-Tts-Access-Token")
	r.Header.Set("Authorization", "Bearer "+t.key.Reveal())
	if ref, ok := r.Context().Value(shopRef{}).(string); ok && ref != "" {
		r.Header.Set("X-Ttshop-Shop", ref)
	}
	return t.next.RoundTrip(r)
}

// errNoShop is returned where a call names no shop and there are several.
var errNoShop = errors.New("there are several shops: name one in shop, by id, code or name")

// findShop returns the shop that a client names, or the only one.
func findShop(shops []Shop, ref string) (Shop, error) {
	if ref == "" {
		if len(shops) == 1 {
			return shops[0], nil
		}
		if len(shops) == 0 {
			return Shop{}, errors.New("there is no shop: authorize one with ttshop login")
		}
		return Shop{}, errNoShop
	}
	for _, match := range []func(Shop) string{
		func(s Shop) string { return s.ID }, func(s Shop) string { return s.Code }, func(s Shop) string { return s.Name },
	} {
		var found []Shop
		for _, s := range shops {
			if match(s) != "" && strings.EqualFold(match(s), ref) {
				found = append(found, s)
			}
		}
		if len(found) == 1 {
			return found[0], nil
		}
		if len(found) > 1 {
			return Shop{}, fmt.Errorf("%d shops are called %q: name one by its id", len(found), ref)
		}
	}
	return Shop{}, fmt.Errorf("there is no shop %q: list_shops lists those that there are", ref)
}
