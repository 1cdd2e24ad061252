package readonly

import (
	"maps"
	"slices"
	"strings"
)

// parser reads the tokens of a statement.
type parser struct {
	tokens []token
	at     int
	depth  int
	length int // of the statement, in bytes

	tables map[string]bool // that there are
	hidden map[string]bool // names of columns that may not be seen
	used   map[string]bool // tables that the statement reads
}

// peek returns the token that is n further on, a zero one after the last.
func (p *parser) peek(n int) token {
	if i := p.at + n; i >= 0 && i < len(p.tokens) {
		return p.tokens[i]
	}
	return token{at: p.length}
}

func (t token) is(kind kind, texts ...string) bool {
	return t.kind == kind && slices.Contains(texts, t.text)
}

func (t token) name() bool { return t.kind == word || t.kind == quoted }

// key is a name as tables and columns are looked up by: SQLite does not tell large and
// small letters apart, not even in quotes.
func (t token) key() string { return strings.ToLower(t.text) }

// shown is the token for an error.
func (t token) shown() string {
	if t.kind == 0 {
		return "the end"
	}
	return t.text
}

func (p *parser) expect(kind kind, text string) error {
	if t := p.peek(0); !t.is(kind, text) {
		return refuse(t.at, "%q is expected here, not %q", text, t.shown())
	}
	p.at++
	return nil
}

// statement reads all of it.
func (p *parser) statement() error {
	if err := p.query(map[string]bool{}); err != nil {
		return err
	}
	if t := p.peek(0); t.kind != 0 {
		return refuse(t.at, "%q has no counterpart", t.text)
	}
	return nil
}

// begins reports whether a query begins n tokens further on.
func (p *parser) begins(n int) bool { return p.peek(n).is(word, "select", "with", "values") }

// query reads a query up to the parenthesis that closes it, or the end. Scope are the
// names of common table expressions around it.
func (p *parser) query(scope map[string]bool) error {
	if !p.begins(0) {
		return refuse(p.peek(0).at, "a statement begins with SELECT, WITH or VALUES, not with %q; only questions are answered", p.peek(0).shown())
	}
	scope = maps.Clone(scope)
	if p.peek(0).is(word, "with") {
		if err := p.with(scope); err != nil {
			return err
		}
		if !p.peek(0).is(word, "select", "values") {
			return refuse(p.peek(0).at, "SELECT or VALUES is expected after WITH …, not %q", p.peek(0).shown())
		}
	}
	return p.body(scope)
}

// with reads common table expressions and adds their names to the scope, each behind
// its own query: none reads itself.
func (p *parser) with(scope map[string]bool) error {
	for p.at++; ; p.at++ {
		t := p.peek(0)
		if !t.name() || denied[t.text] {
			return refuse(t.at, "a name is expected after WITH, not %q; recursive queries are not taken", t.shown())
		}
		if p.tables[t.key()] {
			return refuse(t.at, "%s is a table of the copy: give the expression another name", t.text)
		}
		p.at++
		if p.peek(0).is(mark, "(") {
			if err := p.names(); err != nil {
				return err
			}
		}
		if err := p.expect(word, "as"); err != nil {
			return err
		}
		if p.peek(0).is(word, "not") {
			p.at++
		}
		if p.peek(0).is(word, "materialized") {
			p.at++
		}
		if err := p.inner(func() error { return p.query(scope) }); err != nil {
			return err
		}
		scope[t.key()] = true
		if !p.peek(0).is(mark, ",") {
			return nil
		}
	}
}

// inner reads what is in parentheses.
func (p *parser) inner(read func() error) error {
	if err := p.expect(mark, "("); err != nil {
		return err
	}
	if p.depth++; p.depth > maxDepth {
		return refuse(p.peek(0).at, "it is nested deeper than %d", maxDepth)
	}
	if err := read(); err != nil {
		return err
	}
	p.depth--
	return p.expect(mark, ")")
}

// names reads a list of names in parentheses.
func (p *parser) names() error {
	return p.inner(func() error {
		for ; ; p.at++ {
			t := p.peek(0)
			if !t.name() {
				return refuse(t.at, "a name is expected here, not %q", t.shown())
			}
			if err := p.check(t); err != nil {
				return err
			}
			if p.at++; !p.peek(0).is(mark, ",") {
				return nil
			}
		}
	})
}

// body reads the SELECTs of a query.
func (p *parser) body(scope map[string]bool) error {
	inFrom := false
	for first := true; ; first = false {
		t := p.peek(0)
		switch {
		case t.kind == 0, t.is(mark, ")"):
			return nil
		case p.begins(0) && !first && (!t.is(word, "select", "values") || !p.peek(-1).is(word, "union", "all", "intersect", "except")):
			return refuse(t.at, "%s cannot stand here", t.text)
		case t.is(word, "from") && !p.compares():
			p.at++
			inFrom = true
			if err := p.source(scope); err != nil {
				return err
			}
			continue
		case t.is(word, "join"), inFrom && t.is(mark, ","):
			p.at++
			if err := p.source(scope); err != nil {
				return err
			}
			continue
		case t.kind == word && ends[t.text]:
			inFrom = false
		}
		if err := p.element(scope); err != nil {
			return err
		}
	}
}

// compares reports whether the FROM that is next belongs to IS DISTINCT FROM.
func (p *parser) compares() bool {
	return p.peek(-1).is(word, "distinct") && p.peek(-2).is(word, "is", "not")
}

// source reads a table, or a query in its place.
func (p *parser) source(scope map[string]bool) error {
	if p.peek(0).is(word, "lateral") {
		p.at++
	}
	t := p.peek(0)
	if t.is(mark, "(") {
		if !p.begins(1) {
			return refuse(t.at, "a query is expected in these parentheses")
		}
		return p.inner(func() error { return p.query(scope) })
	}
	if !t.name() || t.kind == word && denied[t.text] {
		return refuse(t.at, "a table is expected here, not %q", t.shown())
	}
	if next := p.peek(1); next.is(mark, ".", "(") {
		return refuse(next.at, "name a table alone, without a schema before it or parentheses behind it")
	}
	switch {
	case scope[t.key()]:
	case p.tables[t.key()]:
		p.used[t.key()] = true
	default:
		return refuse(t.at, "there is no table %q here", t.text)
	}
	p.at++
	return nil
}

// element reads a token, or what is in parentheses.
func (p *parser) element(scope map[string]bool) error {
	t, next := p.peek(0), p.peek(1)
	switch t.kind {
	case word, quoted:
		if err := p.check(t); err != nil {
			return err
		}
		p.at++
		switch {
		case !next.is(mark, "(") && next.kind != text:
		case t.kind == quoted:
			return refuse(next.at, "a name in quotes cannot be a function or a type")
		case next.kind == text && !texted[t.text]:
			return refuse(t.at, "%s cannot stand before a text", t.text)
		case next.is(mark, "(") && !before[t.text]:
			if !functions[t.text] || p.peek(-2).is(mark, ".") {
				return refuse(t.at, "the function %s is not among those that may be called", t.text)
			}
			return p.group(scope, t.text)
		}
		return nil
	case mark:
		switch t.text {
		case "(":
			return p.group(scope, "")
		case "::":
			p.at++
			return p.valueType()
		}
	case 0:
		return refuse(t.at, "the statement ends too early")
	}
	p.at++
	return nil
}

// check refuses words and names that may not be in a statement.
func (p *parser) check(t token) error {
	if t.kind == word && denied[t.text] {
		return refuse(t.at, "%s is not taken: only questions are answered", t.text)
	}
	if p.hidden[t.key()] {
		return refuse(t.at, "%s holds people's data or what others wrote, and is not shown here", t.text)
	}
	return nil
}

// group reads what is in parentheses: a query, or the parts of an expression. Call is the
// function that they belong to, empty for no function.
func (p *parser) group(scope map[string]bool, call string) error {
	return p.inner(func() error {
		if p.begins(0) {
			return p.query(scope)
		}
		for {
			t := p.peek(0)
			switch {
			case t.kind == 0:
				return refuse(t.at, "a parenthesis is not closed")
			case t.is(mark, ")"):
				return nil
			case t.is(word, "select", "with", "values", "join"), t.is(word, "from") && call != "extract" && call != "substring" && call != "trim" && !p.compares():
				return refuse(t.at, "%s cannot stand here", t.text)
			case t.is(word, "as") && call == "cast":
				p.at++
				if err := p.valueType(); err != nil {
					return err
				}
				continue
			case t.is(word, "as"):
				return refuse(t.at, "as cannot stand here")
			}
			if err := p.element(scope); err != nil {
				return err
			}
		}
	})
}

// valueType reads the type that a value is turned into.
func (p *parser) valueType() error {
	t := p.peek(0)
	if t.kind != word || !types[t.text] {
		return refuse(t.at, "%q is not among the types that values may be turned into", t.shown())
	}
	p.at++
	if t.text == "double" && p.peek(0).is(word, "precision") {
		p.at++
	}
	if !p.peek(0).is(mark, "(") {
		return nil
	}
	return p.inner(func() error { // the length of a text, the digits of a number
		for ; p.peek(0).kind == number || p.peek(0).is(mark, ","); p.at++ {
		}
		return nil
	})
}
