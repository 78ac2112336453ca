package redact

import "strings"

// The names of classes of secrets.
const (
	Authorization = "authorization"
	Cookies       = "cookies"
	URLs          = "urls"
	Fields        = "fields"
	JWTs          = "jwt"
	APIKeys       = "keys"
	PrivateKeys   = "private-keys"
	Emails        = "emails"
	Addresses     = "addresses"
	Messages      = "messages"
	Comments      = "comments"
	Bodies        = "bodies"
	Chosen        = "chosen"
)

// A Class is a kind of secret that can be kept or taken out.
type Class struct {
	Name  string // stable key
	Label string // for people
	About string // what belongs to it, in a line for people
}

// Classes returns all classes, in the order in which a report lists them.
func Classes() []Class {
	return []Class{
		{Authorization, "Authorization", "Headers that prove who asks: Authorization, API keys, CSRF tokens"},
		{Cookies, "Cookies", "Values of Cookie and Set-Cookie"},
		{URLs, "Tokens in addresses", "Parameters and fragments by their name, and passwords in addresses"},
		{Fields, "Fields by name", "Fields of forms, JSON, GraphQL, XML and markup: password, token, secret and the like"},
		{JWTs, "JSON Web Tokens", "Wherever they stand"},
		{APIKeys, "API keys", "By their shape, wherever they stand"},
		{PrivateKeys, "Private keys", "In PEM, and certificates of clients"},
		{Emails, "E-mail addresses", "Wherever they stand"},
		{Addresses, "IP addresses", "Of both ends, in headers, answers of DNS and bodies"},
		{Messages, "TCP and UDP messages", "As a whole: nobody knows what they hold"},
		{Comments, "Comments", "What was said of flows"},
		{Bodies, "Bodies by type", "Bodies of the types that were named, and those too large to look into"},
		{Chosen, "What was chosen", "Names and values that were added"},
	}
}

// A Policy says what is secret. The zero Policy is the strict one.
type Policy struct {
	// Keep names the classes that stay as they are.
	Keep []string
	// Claims keeps header and claims of a JSON Web Token; its signature goes.
	Claims bool
	// Names are of headers, fields and parameters that are secret besides. Case
	// and punctuation do not count.
	Names []string
	// Values are texts that are secret wherever they stand.
	Values []string
	// Types are media types, or beginnings of such ("image/"), whose bodies go
	// as a whole.
	Types []string
}

// plainName returns a name without case and punctuation: "accesstoken" for
// access_token, Access-Token and accessToken.
func plainName(name string) string {
	return strings.Map(func(c rune) rune {
		switch {
		case 'A' <= c && c <= 'Z':
			return c + 'a' - 'A'
		case 'a' <= c && c <= 'z', '0' <= c && c <= '9', c >= 0x80:
			return c
		}
		return -1
	}, name)
}

// namesWithin are secret wherever they are part of a name.
var namesWithin = [...]string{
	"password", "passwd", "passphrase", "passcode", "secret", "apikey", "accesskey", "privatekey", "signingkey", "encryptionkey",
	"masterkey", "credential", "accesstoken", "refreshtoken", "idtoken", "authtoken", "sessiontoken", "csrftoken", "xsrftoken",
	"sessionid", "sessionkey", "jsessionid", "phpsessid", "aspsessionid", "authorization", "authenticity", "xsrf", "csrf",
	"creditcard", "cardnumber", "cardno", "securitycode", "socialsecurity", "codeverifier", "clientassertion", "samlresponse", "samlrequest",
	"sharedaccesssignature", "xamzsignature", "xamzcredential", "xamzsecuritytoken", "xgoogsignature", "xgoogcredential", "googleaccessid", "otpcode", "proxyauth",
	"onetimecode", "verificationcode", "recoverycode", "backupcode", "devicetoken", "pushtoken", "accountkey", "applicationkey",
}

// namesWhole are secret as a whole.
var namesWhole = map[string]bool{
	"pwd": true, "pass": true, "pw": true, "token": true, "jwt": true, "bearer": true, "auth": true, "authn": true, "otp": true, "totp": true, "mfa": true,
	"pin": true, "cvv": true, "cvc": true, "cvv2": true, "ssn": true, "iban": true, "pan": true, "sid": true, "ssid": true, "session": true, "sess": true,
	"sig": true, "signature": true, "nonce": true, "assertion": true, "cookie": true, "setcookie": true, "cookies": true, "ticket": true, "code2fa": true,
	"awsaccesskeyid": true, "sas": true, "sessiondata": true, "connectionstring": true, "seed": true, "xsession": true, "xsignature": true, "mnemonic": true, "privatetoken": true,
}

// namesInURLs are secret as parameters of an address or a form only: elsewhere
// they are words like others.
var namesInURLs = map[string]bool{"code": true, "state": true, "key": true, "hmac": true, "oobcode": true}

// harmlessEnds are how names end that have the sound of secrets, and are none.
var harmlessEnds = [...]string{"tokens", "tokencount", "tokentype", "tokenlimit", "tokenusage", "tokenendpoint", "tokenurl", "tokenuri", "tokenname", "passwordless",
	"passwordreset", "passwordpolicy", "allowcredentials", "expiresin", "expires", "expiry", "url", "uri", "endpoint", "type", "count", "length", "enabled", "required", "label", "placeholder", "hint"}

// secretName reports whether what stands under a name is secret, and the class
// that says so. inURL: it is a parameter.
func (r *Redactor) secretName(name string, inURL bool) (class string, secret bool) {
	plain := plainName(name)
	if plain == "" || len(plain) > 80 {
		return "", false
	}
	if r.names[plain] {
		return Chosen, true
	}
	class = Fields
	if inURL {
		class = URLs
	}
	if namesWhole[plain] || inURL && namesInURLs[plain] {
		return class, true
	}
	for _, end := range harmlessEnds {
		if strings.HasSuffix(plain, end) {
			return "", false
		}
	}
	if strings.HasSuffix(plain, "token") || strings.HasSuffix(plain, "sessid") || strings.HasSuffix(plain, "pwd") || endsWithPass(name) {
		return class, true
	}
	for _, part := range namesWithin {
		if strings.Contains(plain, part) {
			return class, true
		}
	}
	return "", false
}

// endsWithPass reports whether the last word of a name is pass: db_pass,
// user[pass], smtpPass. The word bypass is another.
func endsWithPass(name string) bool {
	word, found := strings.CutSuffix(strings.TrimRight(name, "]'\""), "Pass")
	if found {
		return true
	}
	if word, found = strings.CutSuffix(word, "pass"); !found {
		word, found = strings.CutSuffix(word, "PASS")
	}
	return found && word != "" && strings.IndexByte("_-.[ ", word[len(word)-1]) >= 0
}
