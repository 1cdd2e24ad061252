package apigen

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ttshop-go/ttshop/catalog"
	"github.com/ttshop-go/ttshop/internal/gen/naming"
)

// familyFile prints all dates of an operation, the newest first.
func (op *Operation) familyFile() string {
	family := append([]*Operation{op}, op.typedSiblings()...)
	for i, other := range family {
		if other.newest() {
			family[0], family[i] = family[i], family[0]
		}
	}
	var w writer
	walks := false
	for _, member := range family {
		walks = walks || member.Paging != nil
	}
	w.printf("package %s\n\nimport (\n\t\"context\"\n", op.Domain.Package)
	if walks {
		w.printf("\t\"iter\"\n")
	}
	w.printf("\n\t%q\n)\n\n", module)
	for _, member := range family {
		member.print(&w)
	}
	return w.String()
}

func (op *Operation) print(w *writer) {
	variable := "op" + op.Name
	w.printf("var %s = ttshop.Operation{\n", variable)
	w.printf("\tName: %q,\n\tMethod: %q,\n\tPath: %q,\n", op.Domain.Name+"."+op.Official, op.Method, op.Path)
	w.cipher("ShopCipher", op.ShopCipher)
	w.cipher("AssetCipher", op.AssetCipher)
	switch op.BodyType {
	case catalog.BodyJSON:
		w.printf("\tBody: ttshop.BodyJSON,\n")
	case catalog.BodyMultipart:
		w.printf("\tBody: ttshop.BodyMultipart,\n")
	}
	if !op.Write {
		w.printf("\tRead: true,\n")
	}
	if op.IdempotencyKey != "" {
		w.printf("\tIdempotencyKey: %q,\n", op.IdempotencyKey)
	}
	if len(op.Scopes) > 0 {
		w.printf("\tScope: %q,\n", strings.Join(op.Scopes, " "))
	}
	if check := op.Check(); check != nil {
		w.printf("\tCheck: %q,\n", op.Domain.Package+"."+check.Name)
	}
	w.printf("}\n\n")

	if len(op.params) > 0 {
		w.printf("// %sParams are the parameters of [Service.%s].\n", op.Name, op.Name)
		w.structure(op.Name+"Params", op.params)
	}
	if len(op.result) == 0 {
		w.printf("// %sResult is the answer of [Service.%s], which holds no data.\n", op.Name, op.Name)
	} else {
		w.printf("// %sResult is the answer of [Service.%s].\n", op.Name, op.Name)
	}
	w.structure(op.Name+"Result", op.result)
	op.printFailed(w)

	op.methodDoc(w)
	params := fmt.Sprintf("params *%sParams, ", op.Name)
	given := "params"
	if len(op.params) == 0 {
		params, given = "", "nil"
	}
	w.printf("func (s Service) %s(ctx context.Context, %soptions ...ttshop.CallOption) (*%sResult, error) {\n", op.Name, params, op.Name)
	w.printf("\tresult := new(%sResult)\n", op.Name)
	if op.fails() {
		w.printf("\treturn ttshop.Partial(result, s.client.Do(ctx, &%s, %s, result, options...))\n}\n\n", variable, given)
	} else {
		w.printf("\tif err := s.client.Do(ctx, &%s, %s, result, options...); err != nil {\n\t\treturn nil, err\n\t}\n\treturn result, nil\n}\n\n", variable, given)
	}
	if op.Paging != nil {
		op.printWalk(w)
	}
}

func (w *writer) cipher(field string, rule catalog.Rule) {
	switch rule {
	case catalog.RuleOptional:
		w.printf("\t%s: ttshop.CipherOptional,\n", field)
	case catalog.RuleRequired:
		w.printf("\t%s: ttshop.CipherRequired,\n", field)
	}
}

// methodDoc prints what a caller must know: what it does, what it needs, where
// its page is and which other dates there are.
func (op *Operation) methodDoc(w *writer) {
	summary := op.Summary
	if summary == "" {
		summary = "is not described yet."
	}
	w.comment(op.Name + " " + summary)
	w.printf("//\n")
	facts := []string{fmt.Sprintf("%s %s.", op.Method, op.Path)}
	if title := strings.TrimSpace(op.Title); title != op.Family {
		facts = []string{fmt.Sprintf("%s %s, which the documentation titles %s.", op.Method, op.Path, title)}
	}
	needs := []string{}
	if op.ShopCipher == catalog.RuleRequired {
		needs = append(needs, "a client bound to a shop")
	}
	if op.AssetCipher == catalog.RuleRequired {
		needs = append(needs, "a client bound to a category asset")
	}
	if len(op.Scopes) > 0 {
		needs = append(needs, "the scope "+strings.Join(op.Scopes, " or "))
	}
	verb := "It only reads"
	if op.Write {
		verb = "It writes"
	}
	if len(needs) > 0 {
		verb += " and needs " + strings.Join(needs, " and ")
	}
	facts = append(facts, verb+".")
	if op.ShopCipher == catalog.RuleOptional {
		facts = append(facts, "The shop that the client is bound to is sent along.")
	}
	if op.AssetCipher == catalog.RuleOptional {
		facts = append(facts, "The category asset that the client is bound to is sent along.")
	}
	if op.IdempotencyKey != "" {
		facts = append(facts, "It takes an idempotency key; if params hold none, the client generates one.")
	}
	if check := op.Check(); check != nil {
		facts = append(facts, "If no answer comes, [Service."+check.Name+"] shows whether it was carried out.")
	}
	if op.fails() {
		facts = append(facts, "Items may fail although the call succeeds: see the method Failed of the result.")
	}
	w.comment(strings.Join(facts, " "))
	if op.Seen != "" {
		w.printf("//\n")
		w.comment("Not in the official files of December 2025; seen in " + op.Seen + ".")
	}
	op.notes(w)
	if len(op.typedSiblings()) > 0 {
		w.printf("//\n")
		w.comment(op.otherDates())
	}
	w.printf("//\n// See %s\n", op.Link())
	if op.Sunset != nil {
		w.printf("//\n")
		w.comment(op.deprecation())
	}
}

// typedSiblings returns the other dates of op that have a method.
func (op *Operation) typedSiblings() []*Operation {
	return slices.DeleteFunc(slices.Clone(op.Siblings), func(s *Operation) bool { return s.Raw != "" })
}

// deprecation says when an operation ends and what takes its place.
func (op *Operation) deprecation() string {
	end := op.Sunset
	text := fmt.Sprintf("Deprecated: its end was announced for %s (%s, grade %s)", end.Date, end.Source, end.Grade)
	if end.Successor == "" {
		return text + "."
	}
	for _, other := range op.Domain.typed() {
		if other.Key() == end.Successor {
			return text + "; use [Service." + other.Name + "]."
		}
	}
	return text + "; " + end.Successor + " takes its place."
}

func (op *Operation) otherDates() string {
	var newer, older []string
	for _, s := range op.typedSiblings() {
		if s.Version > op.Version {
			newer = append(newer, "[Service."+s.Name+"]")
		} else {
			older = append(older, "[Service."+s.Name+"]")
		}
	}
	var sentences []string
	if len(newer) > 0 {
		sentences = append(sentences, "Newer dates: "+strings.Join(newer, ", ")+".")
	}
	if len(older) > 0 {
		sentences = append(sentences, "Older dates: "+strings.Join(older, ", ")+".")
	}
	return strings.Join(sentences, " ")
}

// printWalk prints the iterator over the pages.
func (op *Operation) printWalk(w *writer) {
	item := op.itemType()
	next, items := goPath(op.Paging.Next), goPath(op.Paging.Items)
	w.comment(fmt.Sprintf("%sAll walks the items of all pages of [Service.%s], beginning at params.PageToken. It stops after the first error. With [ttshop.RawItem] the JSON of each item comes along.", op.Name, op.Name))
	w.printf("func (s Service) %sAll(ctx context.Context, params *%sParams, options ...ttshop.CallOption) iter.Seq2[%s, error] {\n", op.Name, op.Name, item)
	w.printf("\tvar first %sParams\n\tif params != nil {\n\t\tfirst = *params\n\t}\n", op.Name)
	w.printf("\treturn ttshop.Walk(first.PageToken, %q, options, func(token string, options []ttshop.CallOption) ([]%s, string, error) {\n", op.Paging.Items, item)
	w.printf("\t\tpage := first\n\t\tpage.PageToken = token\n")
	w.printf("\t\tresult, err := s.%s(ctx, &page, options...)\n", op.Name)
	w.printf("\t\tif err != nil {\n\t\t\treturn nil, \"\", err\n\t\t}\n")
	w.printf("\t\treturn result.%s, result.%s, nil\n\t})\n}\n\n", items, next)
}

func goPath(path string) string {
	segments := strings.Split(path, ".")
	for i, s := range segments {
		segments[i] = naming.Exported(s)
	}
	return strings.Join(segments, ".")
}

// itemType returns the Go type of the items that a walk yields.
func (op *Operation) itemType() string {
	members := op.result
	typ := ""
	for segment := range strings.SplitSeq(op.Paging.Items, ".") {
		for _, m := range members {
			if m.wire == segment {
				typ = m.typ
			}
		}
		for _, c := range op.Domain.types {
			if c.name == typ {
				members = c.members
			}
		}
	}
	return strings.TrimPrefix(typ, "[]")
}
