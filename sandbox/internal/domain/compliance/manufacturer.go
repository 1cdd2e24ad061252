package compliance

import (
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/invent"
)

// manufacturer is who made goods.
type manufacturer = registered[manufacturerProfile]

type manufacturerProfile struct {
	Locale    string      `json:"locale,omitempty"`
	Name      string      `json:"name"`
	TradeName string      `json:"registered_trade_name,omitempty"`
	Email     string      `json:"email"`
	Phone     phoneNumber `json:"phone_number"`
	Address   string      `json:"address"`
}

func (p manufacturerProfile) locale() string { return p.Locale }

func (p manufacturerProfile) in(locale string) manufacturerProfile {
	p.Locale = locale
	return p
}

func (p manufacturerProfile) names() []string { return []string{p.Name, p.TradeName} }

func manufacturersOf(r *register) *[]manufacturer { return &r.Manufacturers }

type manufacturerInput struct {
	Locale    string       `json:"locale"`
	Name      *string      `json:"name"`
	TradeName *string      `json:"registered_trade_name"`
	Email     *string      `json:"email"`
	Phone     *phoneNumber `json:"phone_number"`
	Address   *string      `json:"address"`
}

func (in *manufacturerInput) language() string { return in.Locale }

func (in *manufacturerInput) check() *gate.Failure {
	if f := checkEmail(invent.Deref(in.Email)); f != nil {
		return f
	}
	return in.Phone.check()
}

// apply takes over what was sent. A phone number is replaced as a whole.
func (in *manufacturerInput) apply(p *manufacturerProfile) {
	invent.Take(&p.Name, in.Name)
	invent.Take(&p.TradeName, in.TradeName)
	invent.Take(&p.Email, in.Email)
	invent.Take(&p.Phone, in.Phone)
	invent.Take(&p.Address, in.Address)
	if p.Phone.Availability == "" {
		p.Phone.Availability = phoneAvailable
	}
}

func createManufacturer(c *gate.Call) *gate.Failure {
	id, f := enter(c, manufacturersOf, &manufacturerInput{})
	if f == nil {
		c.JSON(struct {
			ID string `json:"manufacturer_id"`
		}{id})
	}
	return f
}

// editManufacturer changes a manufacturer in one language.
func editManufacturer(c *gate.Call) *gate.Failure {
	return amend(c, "manufacturer", manufacturersOf, &manufacturerInput{})
}

// findManufacturers answers a page of the register.
func findManufacturers(c *gate.Call, show func(m *manufacturer, s *registerSearch) any) *gate.Failure {
	list, end, f := lookThrough(c, "manufacturers", manufacturersOf, show)
	if f == nil {
		c.JSON(struct {
			List []any `json:"manufacturers"`
			gate.PageEnd
		}{list, end})
	}
	return f
}

// searchManufacturers shows the profiles of the languages that are asked for.
func searchManufacturers(c *gate.Call) *gate.Failure {
	return findManufacturers(c, func(m *manufacturer, s *registerSearch) any { return m.inLocales(s.locales) })
}

// searchManufacturers202409 shows one language, without whether there is a phone.
func searchManufacturers202409(c *gate.Call) *gate.Failure {
	return findManufacturers(c, func(m *manufacturer, _ *registerSearch) any {
		p := m.Profiles[0]
		p.Locale, p.Phone.Availability = "", ""
		return struct {
			ID string `json:"id"`
			manufacturerProfile
		}{m.ID, p}
	})
}
