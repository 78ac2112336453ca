package main

import (
	"image/color"
	"strings"
)

const (
	html       = "Content-Type: text/html; charset=utf-8"
	css        = "Content-Type: text/css"
	javascript = "Content-Type: text/javascript"
	json       = "Content-Type: application/json"
	png_       = "Content-Type: image/png"
	bearer     = "Authorization: Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJ6b2UifQ."
	session    = "Cookie: session=7f3a9c; basket=3"
)

// visit is the session: somebody looks at cups, buys one, and meets most of
// what can go wrong.
func visit() []dict {
	arrival := []any{
		lookup(1, 0.001, "shop.example", 1, 0, answer{1, []byte{192, 0, 2, 10}}),
		exchange{at: 0.02, to: plain, path: "/", status: 301, headers: []string{"Location: https://shop.example/"}},
		exchange{at: 0.08, took: 0.12, to: shop, path: "/", status: 200, coding: "gzip",
			headers: []string{html, "Set-Cookie: session=7f3a9c; Path=/; Secure; HttpOnly; SameSite=Lax"},
			content: []byte(home), marker: ":star:", comment: "The landing page. Everything below is loaded by it."},
		exchange{at: 0.25, to: cdn, path: "/assets/shop.css", status: 200, coding: "gzip",
			headers: []string{css, "Cache-Control: public, max-age=31536000"}, content: []byte(styles)},
		exchange{at: 0.26, to: cdn, path: "/assets/shop.js", status: 200, coding: "gzip",
			headers: []string{javascript, "Cache-Control: public, max-age=31536000"}, content: []byte(script)},
		exchange{at: 0.33, to: cdn, path: "/assets/logo.svg", status: 200, headers: []string{"Content-Type: image/svg+xml"}, content: []byte(logo)},
		exchange{at: 0.34, took: 0.09, to: cdn, path: "/img/cup-teal.png", status: 200, headers: []string{png_}, content: cup(160, color.RGBA{20, 130, 140, 255})},
		exchange{at: 0.34, took: 0.11, to: cdn, path: "/img/cup-red.png", status: 200, headers: []string{png_}, content: cup(160, color.RGBA{200, 70, 60, 255})},
		exchange{at: 0.35, took: 0.13, to: cdn, path: "/img/cup-gold.png", status: 200, headers: []string{png_}, content: cup(160, color.RGBA{215, 170, 60, 255})},
		exchange{at: 0.52, to: shop, path: "/favicon.ico", status: 404, headers: []string{"Content-Type: text/plain"}, content: []byte("Not found\n")},
	}
	browsing := []any{
		exchange{at: 0.71, took: 0.06, to: api, path: "/v1/products?page=1&per_page=20", send: []string{session},
			status: 200, coding: "gzip", headers: []string{json, "ETag: \"p1-42\""}, content: []byte(products)},
		exchange{at: 0.80, to: api, path: "/v1/products?page=1&per_page=20", send: []string{session, "If-None-Match: \"p1-42\""},
			status: 304, headers: []string{"ETag: \"p1-42\""}},
		exchange{at: 2.10, took: 0.21, to: api, path: "/v1/search?q=caf%C3%A9%20tasse", send: []string{session},
			status: 200, headers: []string{json}, content: []byte(search)},
		exchange{at: 2.90, took: 0.05, to: api, method: "POST", path: "/graphql", send: []string{session, json},
			body: []byte(query), status: 200, headers: []string{json}, content: []byte(queried)},
		exchange{at: 3.40, to: shop, path: "/p/7", status: 302, headers: []string{"Location: /products/kaffeebecher-zoe"}},
		exchange{at: 3.45, took: 0.10, to: shop, path: "/products/kaffeebecher-zoe", send: []string{session},
			status: 200, coding: "deflate", headers: []string{html}, content: []byte(product)},
		exchange{at: 3.60, to: cdn, method: "HEAD", path: "/img/cup-teal@4x.png", status: 200, headers: []string{png_, "Content-Length: 482113"}},
		lookup(2, 3.7, "cdn.shop.example", 28, 0, answer{28, []byte{0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7}}),
		exchange{at: 6.02, to: metrics, method: "POST", path: "/collect", send: []string{"Content-Type: text/plain"},
			body: []byte("v=1&t=pageview&dp=/products/kaffeebecher-zoe"), status: 204},
		lookup(3, 6.5, "tracker.invalid", 1, 3),
	}
	buying := []any{
		exchange{at: 7.10, to: api, method: "OPTIONS", path: "/v1/basket", send: []string{"Origin: https://shop.example", "Access-Control-Request-Method: POST"},
			status: 204, headers: []string{"Access-Control-Allow-Origin: https://shop.example", "Access-Control-Allow-Methods: GET, POST, PATCH, DELETE"}},
		exchange{at: 7.15, to: api, method: "POST", path: "/v1/basket", send: []string{session, json},
			body: []byte(`{"product": 7, "quantity": 2}`), status: 401, headers: []string{json, "WWW-Authenticate: Bearer"},
			content: []byte(`{"error": "unauthorized", "message": "sign in first"}`), marker: ":red_circle:", comment: "The token had run out. See the next two."},
		exchange{at: 7.60, took: 0.32, to: shop, method: "POST", path: "/login", send: []string{"Content-Type: application/x-www-form-urlencoded"},
			body: []byte("user=zoe%40example.org&password=correct+horse&next=%2Fbasket"), status: 302,
			headers: []string{"Location: /basket", "Set-Cookie: session=b81d02; Path=/; Secure; HttpOnly"}},
		exchange{at: 8.05, to: api, method: "POST", path: "/v1/basket", send: []string{bearer, json},
			body: []byte(`{"product": 7, "quantity": 2}`), status: 201, headers: []string{json}, content: []byte(basket), replay: "request",
			comment: "The same request again, with a token."},
		exchange{at: 8.30, took: 0.03, to: chat, path: "/orders/live", send: []string{"Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13"},
			status: 101, headers: []string{"Connection: Upgrade", "Upgrade: websocket"}, talk: conversation()},
		exchange{at: 9.00, to: api, method: "PATCH", path: "/v1/basket/items/7", send: []string{bearer, json},
			body: []byte(`{"quantity": 1}`), status: 200, headers: []string{json}, content: []byte(strings.ReplaceAll(basket, `"quantity": 2`, `"quantity": 1`)),
			before: &exchange{at: 9.00, to: api, method: "PATCH", path: "/v1/basket/items/7", send: []string{bearer, json}, body: []byte(`{"quantity": 3}`)}},
		stream("tcp", 40, cache, 9.05, []message{
			{fromClient: true, text: "*2\r\n$3\r\nGET\r\n$8\r\nbasket:3\r\n"},
			{text: "$18\r\n{\"7\": 1, \"ver\": 2}\r\n", after: 0.001},
			{fromClient: true, text: "*2\r\n$4\r\nINCR\r\n$6\r\nvisits\r\n", after: 0.4},
			{text: ":1042\r\n", after: 0.401}}),
		exchange{at: 9.80, to: api, method: "DELETE", path: "/v1/basket/items/9", send: []string{bearer}, status: 409,
			headers: []string{json}, content: []byte(`{"error": "conflict", "message": "the basket has changed"}`)},
		exchange{at: 10.4, took: 0.18, to: api, method: "POST", path: "/v1/reviews", send: []string{bearer, "Content-Type: multipart/form-data; boundary=cup"},
			body: []byte(review), status: 422, headers: []string{json}, content: []byte(`{"error": "invalid", "fields": {"stars": "must be 1 to 5"}}`)},
		exchange{at: 11.2, took: 0.02, to: api, path: "/v1/shipping?country=IS", send: []string{bearer}, status: 429,
			headers: []string{json, "Retry-After: 1"}, content: []byte(`{"error": "slow down"}`)},
	}
	paying := []any{
		exchange{at: 12.2, took: 1.85, to: pay, method: "POST", path: "/charge", send: []string{bearer, json},
			body: []byte(`{"amount": 1890, "currency": "EUR", "card": "tok_visa"}`), status: 500, headers: []string{json},
			content: []byte(`{"error": "internal", "trace": "a1b2c3d4", "cause": "deadlock found when trying to get lock"}`),
			marker:  ":default:", comment: "1.85 s and then a deadlock. To be shown to the payment team."},
		stream("udp", 41, syslog, 14.1, []message{
			{fromClient: true, text: "<11>1 2026-10-20T08:30:14Z shop basket 412 - - charge failed: a1b2c3d4"}}),
		exchange{at: 14.5, took: 0.9, to: pay, method: "POST", path: "/charge", send: []string{bearer, json},
			body: []byte(`{"amount": 1890, "currency": "EUR", "card": "tok_visa"}`), status: 502, headers: []string{html},
			content: []byte("<html><body><h1>502 Bad Gateway</h1></body></html>\n"), replay: "request", again: true},
		exchange{at: 15.9, took: 0.75, to: pay, method: "POST", path: "/charge", send: []string{bearer, json},
			body: []byte(`{"amount": 1890, "currency": "EUR", "card": "tok_visa"}`), status: 200, headers: []string{json},
			content: []byte(`{"id": "ch_90210", "status": "succeeded", "amount": 1890, "currency": "EUR"}`), metadata: dict{{"attempt", 3}, {"replayed by", "zoe"}}},
		exchange{at: 16.8, to: pay, path: "/receipt/ch_90210", err: "connection refused"},
		exchange{at: 17.0, to: shop, path: "/checkout", status: 307, headers: []string{"Location: /orders/90210"}},
		exchange{at: 17.1, took: 0.14, to: shop, path: "/orders/90210", send: []string{session}, status: 200, coding: "gzip", headers: []string{html}, content: []byte(order)},
		exchange{at: 17.4, to: api, path: "/v1/orders/90210/events", send: []string{bearer, "Accept: text/event-stream"}, status: 200,
			headers: []string{"Content-Type: text/event-stream"}, content: []byte("event: packed\ndata: {\"order\": 90210}\n\nevent: sent\ndata: {\"order\": 90210, \"carrier\": \"Póstur\"}\n\n")},
		exchange{at: 18.2, took: 0.5, to: cdn, path: "/invoices/90210.pdf", status: 200, headers: []string{"Content-Type: application/pdf"}, absent: true,
			comment: "Streamed: mitmproxy kept no body, which is not the same as an empty one."},
		exchange{at: 18.9, to: metrics, method: "POST", path: "/collect", send: []string{"Content-Type: text/plain"}, body: []byte("v=1&t=purchase&ti=90210"), err: "Connection killed."},
		exchange{at: 19.5, to: api, method: "PUT", path: "/v1/profile/avatar", send: []string{bearer, png_}, body: cup(64, color.RGBA{90, 90, 200, 255}), status: 204},
		exchange{at: 20.1, to: shop, path: "/logout", status: 200, headers: []string{html, "Clear-Site-Data: \"cookies\""}, content: []byte{}},
	}
	return numbered(arrival, browsing, buying, paying)
}

// numbered gives the exchanges of the chapters their numbers, and with them
// their ids.
func numbered(chapters ...[]any) []dict {
	var flows []dict
	number := 100
	for _, chapter := range chapters {
		for _, f := range chapter {
			switch f := f.(type) {
			case dict:
				flows = append(flows, f)
			case exchange:
				if !f.again {
					number++
				}
				flows = append(flows, f.flow(number))
			}
		}
	}
	return flows
}

func conversation() []message {
	return []message{
		{fromClient: true, text: `{"subscribe": "orders"}`, after: 0.05},
		{text: `{"subscribed": true}`, after: 0.08},
		{text: "\x01\x02\x00\x07 binary tick", after: 1, binary: true},
		{fromClient: true, text: `{"ask": "is the teal one in stock?"}`, after: 2.2},
		{text: `{"answer": "yes, 14 of them 🫖"}`, after: 2.9},
		{text: `{"advert": "10 % off today"}`, after: 3.3, dropped: true},
	}
}
