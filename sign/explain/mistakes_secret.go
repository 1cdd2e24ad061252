package explain

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"
)

// secretMistakes are about the secret and where it goes.
func secretMistakes() []hypothesis {
	return []hypothesis{
		{"secret-not-wrapped", ofWrap, 80, false, secretNotWrapped},
		{"secret-wrapped-once", ofWrap, 75, false, secretWrappedOnce},
		{"secret-white-space", ofSecret, 75, false, secretWhiteSpace},
		{"secret-white-space", ofSecret, 30, true, secretWhiteSpaceRarely},
		{"secret-other-app", ofSecret, 82, false, secretOtherApp},
		{"app-key-other-app", 0, 70, true, keyOtherApp},
		{"secret-is-app-key", ofSecret, 55, true, secretIsKey},
		{"secret-written", ofSecret, 35, true, secretWritten},
		{"wrapped-with-app-key", ofWrap, 30, true, wrappedWithKey},
		{"webhook-rule", ^aspect(0), 30, true, webhookRule},
	}
}

// setSecret replaces the secret wherever the recipe has it.
func setSecret(f *facts, secret string) func(*recipe) {
	return func(r *recipe) {
		for _, s := range []*string{&r.key, &r.front, &r.back} {
			if *s == f.secret {
				*s = secret
			}
		}
	}
}

const wrapFix = "put the secret before and after the string, besides using it as the key of the HMAC"

func secretNotWrapped(_ *facts, add addFunc) {
	add("you did not wrap the string in the secret", wrapFix, func(r *recipe) { r.front, r.back = "", "" })
}

func secretWrappedOnce(_ *facts, add addFunc) {
	add("you put the secret only before the string", wrapFix, func(r *recipe) { r.back = "" })
	add("you put the secret only after the string", wrapFix, func(r *recipe) { r.front = "" })
}

func secretWhiteSpace(f *facts, add addFunc) {
	if bare := strings.TrimSpace(f.secret); bare != f.secret && bare != "" {
		add("you signed with the secret without the white space around it", "keep white space out of the stored secret", setSecret(f, bare))
	}
	const fix = "trim the secret where it is read from a file or variable"
	add("you signed with a secret that ends with a line end", fix, setSecret(f, f.secret+"\n"))
}

func secretWhiteSpaceRarely(f *facts, add addFunc) {
	const fix = "trim the secret where it is read from a file or variable"
	add("you signed with a secret that ends with a space", fix, setSecret(f, f.secret+" "))
	add("you signed with a secret that ends with CRLF", fix, setSecret(f, f.secret+"\r\n"))
	add("you signed with a secret that ends with a carriage return", fix, setSecret(f, f.secret+"\r"))
	add("you signed with a secret that ends with a tab", fix, setSecret(f, f.secret+"\t"))
	add("you signed with a secret that begins with a space", fix, setSecret(f, " "+f.secret))
	add("you signed with a secret surrounded by spaces", fix, setSecret(f, " "+f.secret+" "))
	for _, space := range []string{"\n", " ", "\r\n"} {
		add("you wrapped the string in a secret with trailing white space", fix, func(r *recipe) { r.front, r.back = f.secret+space, f.secret+space })
		add("you used a secret with trailing white space as the key of the HMAC", fix, func(r *recipe) { r.key = f.secret + space })
	}
}

// name returns what to call the app at index i of the options.
func (f *facts) appName(i int) string {
	switch app := f.options.Apps[i]; {
	case app.Name != "":
		return f.show(app.Name)
	case app.Key != "":
		return f.show(app.Key)
	}
	return fmt.Sprintf("number %d", i+1)
}

func secretOtherApp(f *facts, add addFunc) {
	for i, app := range f.options.Apps {
		if app.Secret == "" || app.Secret == f.secret {
			continue
		}
		add(fmt.Sprintf("you signed with the secret of another app, %s", f.appName(i)), "use the app key and the secret of the same app", setSecret(f, app.Secret))
	}
}

func keyOtherApp(f *facts, add addFunc) {
	sent, ok := f.lookup("app_key")
	for i, app := range f.options.Apps {
		if !ok || app.Key == "" || app.Key == sent {
			continue
		}
		fix := "use the app key and the secret of the same app"
		key := plain("app_key", app.Key)
		add(fmt.Sprintf("you signed the app key of another app, %s", f.appName(i)), fix, func(r *recipe) { r.set = append(r.set, key) })
		if app.Secret != "" && app.Secret != f.secret {
			add(fmt.Sprintf("you signed with the app key and the secret of another app, %s", f.appName(i)), fix, func(r *recipe) {
				r.set = append(r.set, key)
				setSecret(f, app.Secret)(r)
			})
		}
	}
}

func secretIsKey(f *facts, add addFunc) {
	if key, _ := f.lookup("app_key"); key != "" {
		add("you signed with the app key in place of the secret", "sign with the app secret", setSecret(f, key))
		add("you used the app key as the key of the HMAC", "use the app secret as the key of the HMAC", func(r *recipe) { r.key = key })
	}
	if f.token != "" {
		add("you signed with the access token in place of the secret", "sign with the app secret", setSecret(f, f.token))
	}
}

func secretWritten(f *facts, add addFunc) {
	const fix = "check that the secret is read as it is"
	add("you signed with an empty secret", "check that the variable or file with the secret is read", setSecret(f, ""))
	for _, word := range []string{"undefined", "null", "None"} {
		add("you signed with the word "+word+" in place of the secret", "check that the variable or file with the secret is read", setSecret(f, word))
	}
	for _, quote := range []string{`"`, "'"} {
		add("you signed with the secret in quotes", fix, setSecret(f, quote+f.secret+quote))
	}
	if len(f.secret) > 2 && f.secret[0] == f.secret[len(f.secret)-1] && (f.secret[0] == '"' || f.secret[0] == '\'') {
		add("you signed with the secret without the quotes around it", fix, setSecret(f, f.secret[1:len(f.secret)-1]))
	}
	add("you signed with the secret in lower case", fix, setSecret(f, strings.ToLower(f.secret)))
	add("you signed with the secret in upper case", fix, setSecret(f, strings.ToUpper(f.secret)))
	keyFix := "use the secret as text, not decoded, as the key of the HMAC"
	if key, err := hex.DecodeString(f.secret); err == nil {
		add("you used the secret decoded from hex as the key of the HMAC", keyFix, func(r *recipe) { r.key = string(key) })
	}
	if key, err := base64.StdEncoding.DecodeString(f.secret); err == nil {
		add("you used the secret decoded from base64 as the key of the HMAC", keyFix, func(r *recipe) { r.key = string(key) })
	}
	add("you used the secret encoded in base64 as the key of the HMAC", keyFix, func(r *recipe) { r.key = base64.StdEncoding.EncodeToString([]byte(f.secret)) })
	add("you used an empty key for the HMAC", "use the app secret as the key of the HMAC", func(r *recipe) { r.key = "" })
	add("you used the secret and & as the key of the HMAC", keyFix, func(r *recipe) { r.key = f.secret + "&" })
}

func wrappedWithKey(f *facts, add addFunc) {
	if key, _ := f.lookup("app_key"); key != "" {
		add("you wrapped the string in the app key", wrapFix, func(r *recipe) { r.front, r.back = key, key })
		add("you put the app key before the string", wrapFix, func(r *recipe) { r.front, r.back = key, "" })
	}
}

// webhookRule signs app key and body, as deliveries of webhooks are signed.
func webhookRule(f *facts, add addFunc) {
	if key, _ := f.lookup("app_key"); key != "" {
		nothing := ""
		add("you signed app key and body, by the rule of webhooks", "sign path, parameters and body, wrapped in the secret", func(r *recipe) {
			r.front, r.back, r.lead, r.path, r.query = "", "", key, "", &nothing
			r.body = bodyForm{}
		})
	}
}
