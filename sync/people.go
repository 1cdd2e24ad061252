package sync

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"strings"
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

// isPersonal reports whether a member is about a person wherever it is: names, phone
// numbers, mail, numbers of papers, what a buyer wrote.
func isPersonal(name string) bool {
	switch name {
	case "first_name", "last_name", "first_name_local_script", "last_name_local_script", "contact_person", "nickname", "avatar",
		"email", "phone", "phone_number", "cpf", "cpf_name", "bank_account",
		"buyer_email", "buyer_nickname", "buyer_avatar", "buyer_message", "seller_note", "content":
		return true
	}
	return false
}

// isAddress reports whether a member holds an address, with a person's name in it.
func isAddress(name string) bool { return name == "address" || strings.HasSuffix(name, "_address") }

// regional are the members of an address that tell no more than the region.
var regional = map[string]bool{"region_code": true, "region": true, "state": true, "district_info": true, "delivery_preferences": true, "geolocation": false}

// masker replaces people's data.
type masker struct {
	mac   hash.Hash         // of a text
	blank bool              // replace by "" in place of a hash
	names map[string]string // of members, see [parser]
}

// newMasker returns nil where data is kept.
func newMasker(p People) *masker {
	if p.Keep {
		return nil
	}
	return &masker{mac: hmac.New(sha256.New, p.Key), names: map[string]string{}}
}

// mask returns an item with people's data replaced. Everything else keeps its bytes.
func (m *masker) mask(item node) (node, error) {
	if m == nil {
		return item, nil
	}
	var b bytes.Buffer
	b.Grow(len(item.raw) + 512) // a hash may be longer than what it replaces
	if !m.write(&b, &item, false) {
		return item, nil
	}
	return parseValid(b.Bytes(), m.names)
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
	return isPersonal(name) || isAddress(name)
}

// replace returns the JSON text that stands for a text.
func (m *masker) replace(text string) []byte {
	if m.blank {
		return []byte(`""`)
	}
	m.mac.Reset()
	m.mac.Write([]byte(text))
	var sum [sha256.Size]byte
	quoted := append(make([]byte, 0, 32), `"h:`...)
	return append(hex.AppendEncode(quoted, m.mac.Sum(sum[:0])[:12]), '"')
}

// Personal reports whether a column holds people's data.
func (c *Column) Personal() bool {
	within := false
	for _, name := range c.Path {
		within = (&masker{}).within(name, within)
	}
	return within
}
