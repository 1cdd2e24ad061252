package mcp

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/internal/ask"
	"github.com/ttshop-go/ttshop/internal/names"
)

// chat is the domain that only Config.CustomerService opens.
const chat = "customer_service"

// searchOperations answers the tool of this name.
func (s *Server) searchOperations(_ context.Context, c *call) (*reply, error) {
	var args struct {
		Question string `json:"question"`
		Limit    int    `json:"limit"`
	}
	if err := c.args(&args); err != nil {
		return nil, err
	}
	if args.Limit == 0 {
		args.Limit = 5
	}
	var found []any
	total := 0
	for _, e := range ask.Operations(s.catalog, args.Question) {
		if !s.offers(c.caller, e) {
			continue
		}
		if total++; len(found) == args.Limit {
			continue
		}
		op, err := s.catalog.Describe(e)
		if err != nil {
			return nil, err
		}
		hit := map[string]any{"operation": e.FullName(), "does": e.Summary}
		if op.Write {
			hit["write"] = true
			hit["risk"] = RiskOf(op)
		}
		found = append(found, hit)
	}
	if len(found) == 0 {
		return &reply{text: "Nothing fits; try other or fewer words.", data: map[string]any{"operations": []any{}}}, nil
	}
	data := map[string]any{"operations": found}
	if total > len(found) {
		data["omitted"] = total - len(found)
	}
	return &reply{text: fmt.Sprintf("%d found, the best first.", len(found)), data: data}, nil
}

// offers reports whether a caller may hear of an operation.
func (s *Server) offers(who caller, e catalog.Entry) bool {
	if e.Domain == chat && !s.config.CustomerService {
		return false
	}
	return who.client == nil || who.client.DecideOperation(e.FullName()).Allowed
}

// operation returns the operation with a name.
func (s *Server) operation(name string) (*catalog.Operation, error) {
	e, ok := s.catalog.ByName(strings.TrimSpace(name))
	if !ok {
		if method, path, isPath := strings.Cut(name, " "); isPath {
			e, ok = s.catalog.Find(method, path)
		}
	}
	if !ok {
		near := ""
		for i, found := range ask.Operations(s.catalog, strings.NewReplacer(".", " ", "_", " ").Replace(names.Kebab(name))) {
			if i == 3 {
				break
			}
			near += " " + found.FullName()
		}
		f := &Failure{Class: "not_found", Message: fmt.Sprintf("there is no operation %q", name), Next: "search_operations finds operations by a plain question"}
		if near != "" {
			f.Next += "; perhaps one of:" + near
		}
		return nil, f
	}
	return s.catalog.Explain(e)
}

// describeOperation answers the tool of this name.
func (s *Server) describeOperation(_ context.Context, c *call) (*reply, error) {
	var args struct {
		Operation string `json:"operation"`
		Under     string `json:"under"`
	}
	if err := c.args(&args); err != nil {
		return nil, err
	}
	op, err := s.operation(args.Operation)
	if err != nil {
		return nil, err
	}
	c.record.Operation = op.FullName()
	data := describe(op, args.Under, maxTokens-120)
	if data == nil {
		return nil, &Failure{Class: "not_found", Message: fmt.Sprintf("%s has no field %q", op.FullName(), args.Under), Next: "describe it without under"}
	}
	return &reply{text: op.FullName() + " " + op.Summary, data: data}, nil
}

// describe returns what is known of an operation within a number of tokens: as much
// of it as there is room for. It is nil where there is nothing under the path.
func describe(op *catalog.Operation, under string, room int) map[string]any {
	for _, detail := range []struct {
		depth, answerDepth, words int
	}{{6, 5, 200}, {5, 3, 140}, {4, 2, 90}, {3, 2, 60}, {3, 1, 40}, {2, 1, 24}, {2, 1, 0}, {1, 1, 0}, {1, 0, 0}} {
		data := map[string]any{"operation": op.FullName(), "does": op.Summary, "write": op.Write}
		if op.Write {
			data["risk"] = RiskOf(op)
		}
		if op.Sunset != "" {
			data["ends"] = op.Sunset
		}
		if op.ShopCipher == catalog.RuleAbsent {
			data["for"] = "the whole account, not one shop"
		}
		if op.Paging != nil {
			data["pages"] = "limit and cursor page through " + op.Paging.Items
		}
		if op.Notes != nil && detail.words > 40 {
			if op.Notes.Before != "" {
				data["before"] = op.Notes.Before
			}
			if op.Notes.After != "" {
				data["after"] = op.Notes.After
			}
		}
		params := slices.Concat(op.Params, op.Body)
		params = slices.DeleteFunc(params, func(f catalog.Field) bool {
			return op.Paging != nil && (strings.HasSuffix(op.Paging.Token, ":"+f.Name) || strings.HasSuffix(op.Paging.Size, ":"+f.Name))
		})
		answer := op.Result
		if under != "" {
			params, answer = below(params, under), below(answer, under)
			if len(params) == 0 && len(answer) == 0 {
				return nil
			}
		}
		d := describer{words: detail.words}
		data["params"] = d.fields(params, detail.depth)
		data["answer"] = d.fields(answer, detail.answerDepth)
		if d.deeper {
			data["omitted"] = "what is below fields marked …: under shows it"
		}
		if size(data) <= room {
			return data
		}
	}
	return map[string]any{"operation": op.FullName(), "does": op.Summary, "omitted": "its fields: under shows those below one"}
}

// below returns the members of the field at a path.
func below(fields []catalog.Field, path string) []catalog.Field {
	for name := range strings.SplitSeq(strings.ReplaceAll(path, "[]", ""), ".") {
		f := fieldNamed(fields, name)
		if f == nil {
			return nil
		}
		if fields = members(f); fields == nil {
			return []catalog.Field{*f}
		}
	}
	return fields
}

// describer describes fields in few words: a name with its type and meaning, in which
// ! means required and [] a list.
type describer struct {
	words  int // letters of a description; 0: none
	deeper bool
}

func (d *describer) fields(fields []catalog.Field, depth int) map[string]any {
	all := make(map[string]any, len(fields))
	for i := range fields {
		f := &fields[i]
		name, lists := f.Name, f
		for lists.Type == catalog.Array && lists.Items != nil {
			name += "[]"
			lists = lists.Items
		}
		if f.Required {
			name += "!"
		}
		if inner := members(f); len(inner) > 0 {
			if depth <= 1 {
				d.deeper = true
				all[name] = "…"
				continue
			}
			all[name] = d.fields(inner, depth-1)
			continue
		}
		all[name] = d.one(f, lists)
	}
	return all
}

// one describes a field without members.
func (d *describer) one(f, item *catalog.Field) string {
	s := string(item.Type)
	if item.Kind == catalog.KindUnix {
		s = "unix seconds"
	}
	if n := len(item.Enum); n > 0 && d.words > 0 {
		most := max(4, d.words/8)
		s = strings.Join(item.Enum[:min(n, most)], "|")
		if n > most {
			s += fmt.Sprintf("|… %d more", n-most)
		}
	}
	if f.Max != "" && d.words > 40 {
		s += ", at most " + f.Max
	}
	if f.Description != nil && d.words > 0 {
		s += "; " + shorten(f.Description.Text, d.words)
	}
	return s
}

// shorten returns a text of at most so many letters, cut at a word.
func shorten(s string, most int) string {
	if len(s) <= most {
		return s
	}
	cut := s[:most]
	if i := strings.LastIndexByte(cut, ' '); i > most/2 {
		cut = cut[:i]
	}
	return strings.ToValidUTF8(cut, "") + "…"
}

// listShops answers the tool of this name.
func (s *Server) listShops(ctx context.Context, c *call) (*reply, error) {
	shops, err := s.shops(ctx, c.caller)
	if err != nil {
		return nil, err
	}
	list := make([]any, 0, len(shops))
	for _, shop := range shops {
		shop.Name = clean(shop.Name)
		b, err := json.Marshal(shop)
		if err != nil {
			return nil, err
		}
		list = append(list, json.RawMessage(b))
	}
	data := map[string]any{"shops": list}
	for size(data) > maxTokens-120 {
		list = list[:len(list)*3/4]
		data["shops"], data["omitted"] = list, fmt.Sprintf("%d shops: name the one that you look for in shop", len(shops)-len(list))
	}
	return &reply{text: fmt.Sprintf("%d shops.", len(shops)), data: data}, nil
}
