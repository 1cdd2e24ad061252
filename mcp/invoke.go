package mcp

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/mcp/internal/seal"
	"github.com/ttshop-go/ttshop/policy"
)

// shops returns the shops that a caller may act for.
func (s *Server) shops(ctx context.Context, who caller) ([]Shop, error) {
	shops, err := s.config.Platform.Shops(ctx)
	if err != nil {
		return nil, err
	}
	if who.client == nil {
		return shops, nil
	}
	return slices.DeleteFunc(slices.Clone(shops), func(shop Shop) bool {
		return !shop.Grant && !who.client.MayUse(policyShop(shop))
	}), nil
}

func policyShop(s Shop) policy.Shop {
	return policy.Shop{ID: s.ID, Code: s.Code, Name: s.Name, Region: s.Region}
}

// allowed refuses what options or policy forbid.
func (s *Server) allowed(ctx context.Context, c *call, op *catalog.Operation, shop Shop) error {
	if op.Domain == chat && !s.config.CustomerService {
		return &Failure{Class: "forbidden", Message: "chats with buyers are switched off", Next: "the person who runs this server can start it with --customer-service"}
	}
	client := c.caller.client
	if client == nil {
		return nil
	}
	request := policy.Request{Operation: op.FullName(), Shop: policyShop(shop)}
	if shop.Grant {
		request.Shop, request.Grant = policy.Shop{}, shop.ID
	} else if op.ShopCipher == catalog.RuleAbsent {
		account, err := s.config.Platform.Account(ctx, shop)
		if err != nil {
			return err
		}
		request.Account = make([]policy.Shop, len(account))
		for i, other := range account {
			request.Account[i] = policyShop(other)
		}
	}
	if decision := client.Decide(request); !decision.Allowed {
		return &Failure{Class: "forbidden", Message: decision.String(), Next: "ask the person who gave the key"}
	}
	return nil
}

// target finds the shop of a call and asks whether it is allowed.
func (s *Server) target(ctx context.Context, c *call, op *catalog.Operation, ref string) (Shop, error) {
	c.record.Operation, c.record.Write = op.FullName(), op.Write
	shops, err := s.shops(ctx, c.caller)
	if err != nil {
		return Shop{}, err
	}
	shop, err := findShop(shops, ref)
	if err != nil {
		return Shop{}, &Failure{Class: "shop", Message: err.Error(), Next: "list_shops"}
	}
	c.record.Shop = shop.ID
	return shop, s.allowed(ctx, c, op, shop)
}

// read calls an operation that reads, and returns its answer without secrets, with
// people masked and the text of others marked.
func (s *Server) read(ctx context.Context, c *call, op *catalog.Operation, shop Shop, params map[string]any) (map[string]any, error) {
	if op.Write {
		return nil, errors.New(op.FullName() + " writes") // callers check
	}
	params, _ = s.people.unmask(params).(map[string]any) // it stays an object
	m, err := newRequest(op, params)
	if err != nil {
		return nil, &Failure{Class: "arguments", Message: op.FullName() + ": " + err.Error(), Next: "correct params"}
	}
	if err := s.limits.spend(c.caller.client); err != nil {
		return nil, err
	}
	answer, err := s.config.Platform.Call(ctx, Request{Shop: shop, Operation: op, Path: m.Path, Query: m.Query, Body: m.Body})
	c.record.RequestID = answer.RequestID
	if err != nil {
		return nil, s.shown(op, err)
	}
	return s.view(op, answer.Data)
}

// shown returns an error in which the platform's words are cleaned and mask what they
// may tell of people.
func (s *Server) shown(_ *catalog.Operation, err error) error {
	f := failureOf(err)
	f.Message = s.people.text(f.Message)
	return f
}

// view returns data as an assistant may see it.
func (s *Server) view(op *catalog.Operation, raw json.RawMessage) (map[string]any, error) {
	var data any
	if len(raw) > 0 {
		if err := decode(raw, &data); err != nil {
			return nil, fmt.Errorf("read the answer of %s: %w", op.FullName(), err)
		}
	}
	object, ok := data.(map[string]any)
	if !ok {
		object = map[string]any{}
		if data != nil {
			object["value"] = data
		}
	}
	s.people.mask(op, "", object)
	s.people.mark(op, "", object)
	prune(object)
	return object, nil
}

// page is where a paged call is. It goes to the client sealed.
type page struct {
	Tool   string          `json:"n"`
	Op     string          `json:"o"`
	Shop   string          `json:"s"`
	Client string          `json:"c"`
	Params json.RawMessage `json:"p,omitempty"`
	Fields []string        `json:"f,omitempty"`
	Limit  int             `json:"l,omitempty"`
	Token  string          `json:"t,omitempty"` // of the page; empty: the first
	Skip   int             `json:"k,omitempty"` // items of it that were told
}

const cursorPurpose = "cursor"

// resume opens a cursor.
func (s *Server) resume(c *call, sealed string) (page, error) {
	var p page
	if err := s.seals.Open(cursorPurpose, sealed, &p); err != nil || p.Tool != c.tool.name || p.Client != c.caller.name {
		return page{}, &Failure{Class: "cursor", Message: "the cursor does not fit: " + seal.Err.Error() + ", or it is of another tool or client", Next: "call again without cursor"}
	}
	return p, nil
}

// callOperation answers the tool of this name.
func (s *Server) callOperation(ctx context.Context, c *call) (*reply, error) {
	var args struct {
		Operation string          `json:"operation"`
		Shop      string          `json:"shop"`
		Params    json.RawMessage `json:"params"`
		Fields    []string        `json:"fields"`
		Limit     int             `json:"limit"`
		Cursor    string          `json:"cursor"`
	}
	if err := c.args(&args); err != nil {
		return nil, err
	}
	p := page{Tool: c.tool.name, Op: args.Operation, Shop: args.Shop, Client: c.caller.name, Params: args.Params, Fields: args.Fields, Limit: args.Limit}
	if args.Cursor != "" {
		var err error
		if p, err = s.resume(c, args.Cursor); err != nil {
			return nil, err
		}
	}
	if p.Op == "" {
		return nil, &Failure{Class: "arguments", Message: "operation is missing", Next: "name the operation, such as order.GetOrderList"}
	}
	op, err := s.operation(p.Op)
	if err != nil {
		return nil, err
	}
	p.Op = op.FullName()
	if op.Write {
		next := "plan_write plans it"
		if !s.config.AllowWrites {
			next = "this server only reads; the person who runs it can start it with --allow-writes"
		}
		return nil, &Failure{Class: "writes", Message: op.FullName() + " changes something and is not called", Next: next}
	}
	shop, err := s.target(ctx, c, op, p.Shop)
	if err != nil {
		return nil, err
	}
	return s.pageOf(ctx, c, op, shop, p, nil)
}

// defaultLimit is how many items an answer has unless it is told otherwise.
const defaultLimit = 10

// pageOf calls an operation for one page and returns as much of it as fits. Shape, if
// not nil, makes each item smaller.
func (s *Server) pageOf(ctx context.Context, c *call, op *catalog.Operation, shop Shop, p page, shape func(map[string]any) any) (*reply, error) {
	params := map[string]any{}
	if len(p.Params) > 0 {
		if err := decode(p.Params, &params); err != nil {
			return nil, &Failure{Class: "arguments", Message: "params is not an object", Next: "correct params"}
		}
	}
	setPage(op, params, &p)
	object, err := s.read(ctx, c, op, shop, params)
	if err != nil {
		return nil, err
	}
	if op.Paging == nil {
		return s.whole(op, shop, object, p.Fields), nil
	}
	items, _ := at(object, op.Paging.Items).([]any) // no list: no items
	next, _ := at(object, op.Paging.Next).(string)
	remove(object, op.Paging.Items)
	remove(object, op.Paging.Next)
	skipped := min(p.Skip, len(items))
	items = items[skipped:]
	shaped := make([]any, len(items))
	for i, item := range items {
		shaped[i] = item
		if member, ok := item.(map[string]any); ok && shape != nil {
			shaped[i] = shape(member)
		}
		if len(p.Fields) > 0 {
			shaped[i] = project(shaped[i], relative(p.Fields, op.Paging.Items))
		}
	}
	return s.listed(op, shop, object, shaped, next, p, skipped, shape != nil)
}

// relative returns paths as they are below the items of a list.
func relative(paths []string, items string) []string {
	below := make([]string, len(paths))
	for i, path := range paths {
		path = strings.ReplaceAll(path, "[]", "")
		below[i] = strings.TrimPrefix(path, items+".")
	}
	return below
}

// leastItem is how many tokens an item of a list gets before others get any.
const leastItem = 400

// listed answers with the items that there is room for, and with a cursor where there
// are more.
func (s *Server) listed(op *catalog.Operation, shop Shop, rest map[string]any, items []any, next string, p page, skipped int, whole bool) (*reply, error) {
	const cursorRoom = 60
	sealed := func(token string, skip int) (string, error) {
		p.Token, p.Skip, p.Shop = token, skip, shop.ID
		return s.seals.Seal(cursorPurpose, p)
	}
	name := op.Paging.Items[strings.LastIndexByte(op.Paging.Items, '.')+1:]
	data := map[string]any{"shop": shop.ID}
	if total, ok := rest["total_count"]; ok {
		data["total_count"] = total
		delete(rest, "total_count")
	}
	if more, _ := shrink(rest, 300); !empty(more) {
		data["also"] = more
	}
	// The longest cursor that may be needed has its room first.
	probe, err := sealed(p.Token, skipped+len(items))
	if err != nil {
		return nil, err
	}
	if after, err := sealed(next, 0); err == nil && len(after) > len(probe) {
		probe = after
	}
	room := maxTokens - cursorRoom - size(data) - Tokens(probe)
	var kept []any
	left := map[string]bool{}
	used := 0
	for i, item := range items {
		// An item that was made small for its list is told whole or not at all;
		// others give way to each other as far as they stay worth reading.
		share := room - used
		if !whole {
			share = min(share, max(share/(len(items)-i), leastItem))
		} else if i > 0 && size(item) > share {
			break
		}
		if share < min(leastItem, size(item)) && i > 0 {
			break
		}
		small, omitted := shrink(item, share)
		used += size(small) + 1
		kept = append(kept, small)
		for _, what := range omitted {
			left[what] = true
		}
	}
	data[name] = kept
	if kept == nil {
		data[name] = []any{}
	}
	if cut := (&cutter{left: left}).omitted(); len(cut) > 0 {
		data["omitted"] = cut
	}
	switch {
	case len(kept) < len(items):
		data["next_cursor"], err = sealed(p.Token, skipped+len(kept))
	case next != "":
		data["next_cursor"], err = sealed(next, 0)
	}
	if err != nil {
		return nil, err
	}
	words := fmt.Sprintf("%d %s.", len(kept), strings.ReplaceAll(name, "_", " "))
	if _, more := data["next_cursor"]; more {
		words += " There are more: call again with next_cursor."
	}
	return &reply{text: words, data: fitted(data)}, nil
}

// fitted makes sure that an answer is not larger than it may be, whatever it holds.
func fitted(data map[string]any) map[string]any {
	if size(data) <= maxTokens-40 {
		return data
	}
	cursor := data["next_cursor"]
	small, omitted := shrink(data, maxTokens-200-size(cursor))
	object, ok := small.(map[string]any)
	if !ok {
		object = map[string]any{}
	}
	object["omitted"] = omitted
	if cursor != nil {
		object["next_cursor"] = cursor
	}
	return object
}

// whole answers with an object.
func (s *Server) whole(op *catalog.Operation, shop Shop, object map[string]any, fields []string) *reply {
	var v any = object
	if len(fields) > 0 {
		v = project(v, fields)
	}
	small, omitted := shrink(v, maxTokens-200)
	data := map[string]any{"shop": shop.ID, "data": small}
	words := op.FullName() + " answered."
	if len(omitted) > 0 {
		data["omitted"] = omitted
		words += " Parts were left out: name what you need in fields."
	}
	return &reply{text: words, data: data}
}

// setPage puts page and size into the parameters of a call, and forbids others.
func setPage(op *catalog.Operation, params map[string]any, p *page) {
	if op.Paging == nil {
		return
	}
	_, token, _ := strings.Cut(op.Paging.Token, ":")
	_, size, sized := strings.Cut(op.Paging.Size, ":")
	if p.Token != "" {
		params[token] = p.Token
	}
	if !sized {
		return
	}
	f := fieldNamed(slices.Concat(op.Params, op.Body), size)
	if _, given := params[size]; given || f == nil {
		return
	}
	limit := p.Limit
	if limit == 0 {
		limit = defaultLimit
	}
	limit = bounded(f, limit)
	if f.Type == catalog.String {
		params[size] = fmt.Sprint(limit)
	} else {
		params[size] = limit
	}
}

// bounded returns a page size that the platform takes.
func bounded(f *catalog.Field, limit int) int {
	for _, bound := range []struct {
		text string
		pick func(int, int) int
	}{{f.Min, func(a, b int) int { return max(a, b) }}, {f.Max, func(a, b int) int { return min(a, b) }}} {
		var n int
		if _, err := fmt.Sscan(bound.text, &n); err == nil {
			limit = bound.pick(limit, n)
		}
	}
	return limit
}

// at returns what is at a dotted path.
func at(v any, path string) any {
	for name := range strings.SplitSeq(path, ".") {
		object, ok := v.(map[string]any)
		if !ok {
			return nil
		}
		v = object[name]
	}
	return v
}

// remove takes away what is at a dotted path.
func remove(object map[string]any, path string) {
	if i := strings.LastIndexByte(path, '.'); i >= 0 {
		inner, ok := at(object, path[:i]).(map[string]any)
		if !ok {
			return
		}
		object, path = inner, path[i+1:]
	}
	delete(object, path)
}
