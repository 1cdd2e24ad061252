package mcp

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"strings"
	"sync"

	"github.com/ttshop-go/ttshop/catalog"
)

// The names of fields by what they hold. The first that matches counts.
var (
	secretName = regexp.MustCompile(`(^|_)(token|secret|cipher|password|passwd|signature|auth_code|app_key|cookie)s?$`)
	avatarName = regexp.MustCompile(`(^|_)avatars?(_urls?)?$`)
	peopleName = []struct {
		kind string
		name *regexp.Regexp
	}{
		{"email", regexp.MustCompile(`(^|_)e?mails?(_address(es)?)?$`)},
		{"phone", regexp.MustCompile(`(^|_)(phone|mobile|whatsapp|viber|telephone|tel)(_?(number|no))?s?$`)},
		{"paper", regexp.MustCompile(`(^|_)(cpf|cnpj|rfc|iva|passport|national_registry_id|identity_card|id_card|tax_(id|number|code)|vat_number|license_number|bank_account|account_number|iban|birth(day|_date)?)(_number|_no)?$`)},
		{"buyer", regexp.MustCompile(`^((buyer|customer|recipient)_)?(user_|u)ids?$|^(buyer|customer|im_user)_ids?$`)},
		{"name", regexp.MustCompile(`(^|_)(first|last|middle|full|given|family|buyer|recipient|receiver|customer|consignee|contact|patient|pharmacist|sender|legal|cpf|holder|person)_?names?(_local_script)?$|(^|_)buyer_nick_?name$|^nick_?name$`)},
		{"address", regexp.MustCompile(`(^|_)(address_line_?\d?|address_(detail|details|name)|full_address|detail_address|street|building|door_number|postal_?code|post_?code|zip_?code|latitude|longitude)$|^address$`)},
	}
	addressName = regexp.MustCompile(`(^|_)(address|addresses|recipient|receiver|consignee)$`)
	personName  = regexp.MustCompile(`(^|_)(recipient|receiver|consignee|contact|buyer|customer|sender|patient|pharmacist|participants?|person|contacts)$`)
	handleName  = regexp.MustCompile(`^(name|nick_?name|user_?name)$`)
	regionName  = regexp.MustCompile(`^(region_code|region|country|country_code)$`)

	emailText = regexp.MustCompile(`[\p{L}\p{N}._%+-]+@[\p{L}\p{N}-]+(\.[\p{L}\p{N}-]+)+`)
	phoneText = regexp.MustCompile(`\+?\(?\d[\d ()./-]{6,}\d`)
)

// maxPeople bounds how many values a masker remembers.
const maxPeople = 50_000

// masker puts names such as buyer_1 in the place of what tells of people, the same
// one for the same value as long as the server runs. The zero value is ready to use.
type masker struct {
	off bool // nothing of people is masked; secrets are

	mu    sync.Mutex
	names map[string]string // by kind and value
	back  map[string]string // values of ids of buyers, by name
	count map[string]int
}

// name returns what stands for a value.
func (m *masker) name(kind, value string) string {
	m.mu.Lock()
	defer m.mu.Unlock()
	key := kind + "\x00" + value
	if name, ok := m.names[key]; ok {
		return name
	}
	if m.names == nil || len(m.names) >= maxPeople {
		// The counts go on, so that no name ever stands for two values.
		m.names, m.back = map[string]string{}, map[string]string{}
		if m.count == nil {
			m.count = map[string]int{}
		}
	}
	m.count[kind]++
	name := fmt.Sprintf("%s_%d", kind, m.count[kind])
	m.names[key] = name
	if kind == "buyer" {
		m.back[name] = value
	}
	return name
}

// value returns the id of a buyer that a name stands for, so that operations about a
// buyer can be called. Nothing else leads back.
func (m *masker) value(name string) (string, bool) {
	if !strings.HasPrefix(name, "buyer_") {
		return "", false
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	value, ok := m.back[name]
	return value, ok
}

// unmask puts ids of buyers back into the parameters of a call.
func (m *masker) unmask(v any) any {
	switch v := v.(type) {
	case string:
		if value, ok := m.value(v); ok {
			return value
		}
	case map[string]any:
		for key, member := range v {
			v[key] = m.unmask(member)
		}
	case []any:
		for i, item := range v {
			v[i] = m.unmask(item)
		}
	}
	return v
}

// kindOf returns what kind of people's data a field holds, or nothing.
func kindOf(op *catalog.Operation, parent, name string) string {
	lower := strings.ToLower(name)
	public := strings.HasPrefix(op.Domain, "affiliate") || op.Domain == "analytics" // handles of creators are public
	for _, p := range peopleName {
		if p.name.MatchString(lower) && (p.kind != "name" || !public || !handleName.MatchString(lower)) {
			return p.kind
		}
	}
	if handleName.MatchString(lower) && personName.MatchString(strings.ToLower(parent)) && !public {
		return "name"
	}
	return ""
}

// mask returns v without secrets and people's data. It changes v.
func (m *masker) mask(op *catalog.Operation, parent string, v any) any {
	switch v := v.(type) {
	case map[string]any:
		for name, member := range maps.Clone(v) {
			lower := strings.ToLower(name)
			switch {
			case secretName.MatchString(lower) && !strings.Contains(lower, "page_token") && op.Name != "GetAuthorizedCategoryAssets":
				delete(v, name)
			case m.off:
				v[name] = m.mask(op, name, member)
			case avatarName.MatchString(lower):
				delete(v, name)
			case addressName.MatchString(lower) && isObject(member):
				v[name] = m.address(member.(map[string]any))
			default:
				v[name] = m.leaf(op, parent, name, member)
			}
		}
		return v
	case []any:
		for i, item := range v {
			v[i] = m.mask(op, parent, item)
		}
		return v
	}
	return v
}

func isObject(v any) bool {
	_, ok := v.(map[string]any)
	return ok
}

// leaf masks a member of an object.
func (m *masker) leaf(op *catalog.Operation, parent, name string, v any) any {
	kind := kindOf(op, parent, name)
	if kind == "" {
		return m.mask(op, name, v)
	}
	switch v := v.(type) {
	case string:
		if v == "" {
			return v
		}
		return m.name(kind, v)
	case json.Number:
		return m.name(kind, v.String())
	case []any:
		for i, item := range v {
			v[i] = m.leaf(op, parent, name, item)
		}
		return v
	}
	return m.mask(op, name, v)
}

// address returns what may be told of an address: that it is the same one, and where
// in the world it is.
func (m *masker) address(v map[string]any) any {
	whole, err := json.Marshal(v)
	if err != nil || len(v) == 0 {
		return nil // it came from JSON
	}
	masked := map[string]any{"masked": m.name("address", string(whole))}
	for name, member := range v {
		if text, ok := member.(string); ok && len(text) <= 3 && regionName.MatchString(name) {
			masked[name] = text
		}
	}
	return masked
}

// mails masks mail addresses that stand in a text, and leaves numbers alone: among ids
// and times, what looks like a phone number is not one.
func (m *masker) mails(s string) string {
	if m.off {
		return s
	}
	return emailText.ReplaceAllStringFunc(s, func(found string) string { return m.name("email", found) })
}

// text masks addresses and numbers that stand in a text of somebody's.
func (m *masker) text(s string) string {
	if m.off {
		return s
	}
	s = m.mails(s)
	return phoneText.ReplaceAllStringFunc(s, func(found string) string { return m.name("phone", found) })
}
