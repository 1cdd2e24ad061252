package sandbox

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

func (in *manufacturerInput) check() *failure {
	if f := checkEmail(deref(in.Email)); f != nil {
		return f
	}
	return in.Phone.check()
}

// apply takes over what was sent. A phone number is replaced as a whole.
func (in *manufacturerInput) apply(p *manufacturerProfile) {
	take(&p.Name, in.Name)
	take(&p.TradeName, in.TradeName)
	take(&p.Email, in.Email)
	take(&p.Phone, in.Phone)
	take(&p.Address, in.Address)
	if p.Phone.Availability == "" {
		p.Phone.Availability = phoneAvailable
	}
}

func createManufacturer(c *call) *failure {
	id, f := enter(c, manufacturersOf, &manufacturerInput{})
	if f == nil {
		c.json(struct {
			ID string `json:"manufacturer_id"`
		}{id})
	}
	return f
}

// editManufacturer changes a manufacturer in one language.
func editManufacturer(c *call) *failure {
	return amend(c, "manufacturer", manufacturersOf, &manufacturerInput{})
}

// findManufacturers answers a page of the register.
func findManufacturers(c *call, show func(m *manufacturer, s *registerSearch) any) *failure {
	list, end, f := lookThrough(c, "manufacturers", manufacturersOf, show)
	if f == nil {
		c.json(struct {
			List []any `json:"manufacturers"`
			pageEnd
		}{list, end})
	}
	return f
}

// searchManufacturers shows the profiles of the languages that are asked for.
func searchManufacturers(c *call) *failure {
	return findManufacturers(c, func(m *manufacturer, s *registerSearch) any { return m.inLocales(s.locales) })
}

// searchManufacturers202409 shows one language, without whether there is a phone.
func searchManufacturers202409(c *call) *failure {
	return findManufacturers(c, func(m *manufacturer, _ *registerSearch) any {
		p := m.Profiles[0]
		p.Locale, p.Phone.Availability = "", ""
		return struct {
			ID string `json:"id"`
			manufacturerProfile
		}{m.ID, p}
	})
}
