package sync

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"regexp"
)

// People says what becomes of people's data.
type People struct {
	// Keep stores it as it comes.
	Keep bool
	// Key is the key of the hashes that replace it otherwise. The same key gives the
	// same hash, so that a buyer's orders can still be counted.
	Key []byte
}

// print tells this treatment from others, without telling the key.
func (p People) print() string {
	if p.Keep {
		return "kept"
	}
	mac := hmac.New(sha256.New, p.Key)
	mac.Write([]byte("the print of this key"))
	return "hashed by " + hex.EncodeToString(mac.Sum(nil)[:4])
}

// ErrPeople means that a table holds people's data in another form.
var ErrPeople = errors.New("people's data is there in another form")

// personal matches members that are about a person wherever they are: names, phone
// numbers, mail, numbers of papers, what a buyer wrote.
var personal = regexp.MustCompile(`^(buyer_(email|nickname|avatar|message)|cpf|cpf_name|phone(_number)?|email|contact_person|(first|last)_name(_local_script)?|bank_account|seller_note|nickname|avatar|content)$`)

// address matches objects that hold an address, with a person's name in it.
var address = regexp.MustCompile(`(^|_)address$`)

// regional are the members of an address that tell no more than the region.
var regional = map[string]bool{"region_code": true, "region": true, "state": true, "district_info": true, "delivery_preferences": true, "geolocation": false}

// masker replaces people's data.
type masker struct {
	key   []byte
	blank bool // replace by "" in place of a hash
}

// newMasker returns nil where data is kept.
func newMasker(p People) *masker {
	if p.Keep {
		return nil
	}
	return &masker{key: p.Key}
}

// mask returns an item with people's data replaced. Everything else keeps its bytes.
func (m *masker) mask(item node) (node, error) {
	if m == nil {
		return item, nil
	}
	var b bytes.Buffer
	if !m.write(&b, &item, false) {
		return item, nil
	}
	return parseJSON(b.Bytes())
}

// write writes a value and reports whether anything was replaced. Within people's
// data each text is.
func (m *masker) write(b *bytes.Buffer, n *node, within bool) bool {
	switch n.kind() {
	case '"':
		if text := n.text(); within && text != "" {
			b.Write(m.replace(text))
			return true
		}
	case '{', '[':
		changed := false
		at := 1 // in n.raw; what lies between the values is copied
		b.WriteByte(n.raw[0])
		inner := func(value *node, within bool) {
			start := value.start - n.start
			b.Write(n.raw[at:start])
			changed = m.write(b, value, within) || changed
			at = start + len(value.raw)
		}
		for i := range n.members {
			inner(&n.members[i].value, m.within(n.members[i].name, within))
		}
		for i := range n.items {
			inner(&n.items[i], within)
		}
		b.Write(n.raw[at:])
		return changed
	}
	b.Write(n.raw)
	return false
}

// within reports whether a member is about a person.
func (m *masker) within(name string, above bool) bool {
	if above {
		return !regional[name]
	}
	return personal.MatchString(name) || address.MatchString(name)
}

// replace returns the JSON text that stands for a text.
func (m *masker) replace(text string) []byte {
	if m.blank {
		return []byte(`""`)
	}
	mac := hmac.New(sha256.New, m.key)
	mac.Write([]byte(text))
	quoted, _ := json.Marshal("h:" + hex.EncodeToString(mac.Sum(nil)[:12])) // hex always encodes
	return quoted
}

// Personal reports whether a column holds people's data.
func (c *Column) Personal() bool {
	within := false
	for _, name := range c.Path {
		within = (&masker{}).within(name, within)
	}
	return within
}
