package main

// The bodies of the story.
const (
	home = `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <title>Cups &amp; Saucers</title>
  <link rel="stylesheet" href="https://cdn.shop.example/assets/shop.css">
  <script src="https://cdn.shop.example/assets/shop.js" defer></script>
</head>
<body>
  <header><img src="https://cdn.shop.example/assets/logo.svg" alt="Cups &amp; Saucers"></header>
  <main id="products">
    <article><img src="https://cdn.shop.example/img/cup-teal.png" alt=""><h2>Kaffeebecher Zoë</h2><p>€ 18.90</p></article>
    <article><img src="https://cdn.shop.example/img/cup-red.png" alt=""><h2>Røde kop</h2><p>€ 14.50</p></article>
    <article><img src="https://cdn.shop.example/img/cup-gold.png" alt=""><h2>日本茶カップ</h2><p>€ 32.00</p></article>
  </main>
</body>
</html>
`
	styles = `:root { --teal: #14828c; }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0; }
main { display: grid; grid-template-columns: repeat(auto-fill, minmax(16rem, 1fr)); gap: 2rem; }
article { border-radius: 12px; box-shadow: 0 1px 4px #0002; padding: 1rem; }
article:hover { box-shadow: 0 2px 12px #0004; }
h2 { color: var(--teal); }
`
	script = `const api = "https://api.shop.example/v1";

async function products(page = 1) {
  const response = await fetch(` + "`${api}/products?page=${page}&per_page=20`" + `, { credentials: "include" });
  if (!response.ok) throw new Error(response.statusText);
  return (await response.json()).items;
}

products().then((items) => console.log(items.length, "cups"));
`
	logo = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 32" role="img">
  <path d="M6 6h28v10a10 10 0 0 1-10 10h-8A10 10 0 0 1 6 16z" fill="#14828c"/>
  <path d="M34 9h4a5 5 0 0 1 0 10h-5" fill="none" stroke="#14828c" stroke-width="3"/>
</svg>
`
	products = `{"page": 1, "total": 3, "items": [
{"id": 7, "name": "Kaffeebecher Zoë", "price": 18.90, "currency": "EUR", "stock": 14, "tags": ["cup", "teal"], "image": "/img/cup-teal.png"},
{"id": 8, "name": "Røde kop", "price": 14.50, "currency": "EUR", "stock": 0, "tags": ["cup", "red"], "image": "/img/cup-red.png"},
{"id": 9, "name": "\u65e5\u672c\u8336\u30ab\u30c3\u30d7", "price": 32.00, "currency": "EUR", "stock": 3, "weight": 3.50e2, "tags": ["cup", "tea", "gold"], "image": "/img/cup-gold.png"}
]}`
	search  = `{"query": "café tasse", "took_ms": 182, "hits": [{"id": 7, "score": 0.91}, {"id": 9, "score": 0.4000000000000000222}], "cursor": 9007199254740993}`
	query   = `{"operationName": "Product", "variables": {"id": 7}, "query": "query Product($id: ID!) {\n  product(id: $id) {\n    name\n    reviews(first: 2) { author stars }\n  }\n}"}`
	queried = `{"data": {"product": {"name": "Kaffeebecher Zoë", "reviews": [{"author": "Ann", "stars": 5}, {"author": "Bjørn", "stars": 4}]}}}`
	product = `<!doctype html>
<title>Kaffeebecher Zoë</title>
<h1>Kaffeebecher Zoë</h1>
<p>Stoneware, 0.35 l, glazed by hand.</p>
<form method="post" action="/basket"><button name="product" value="7">Add to basket</button></form>
`
	basket = `{"id": 3, "items": [{"product": 7, "name": "Kaffeebecher Zoë", "quantity": 2, "price": 18.90}], "discount": null, "empty": false}`
	review = "--cup\r\nContent-Disposition: form-data; name=\"stars\"\r\n\r\n6\r\n" +
		"--cup\r\nContent-Disposition: form-data; name=\"text\"; filename=\"review.txt\"\r\nContent-Type: text/plain\r\n\r\nBest cup I ever had.\r\n--cup--\r\n"
	order = `<!doctype html>
<title>Thank you</title>
<h1>Order 90210</h1>
<p>Two business days. <a href="https://cdn.shop.example/invoices/90210.pdf">Your invoice</a></p>
`
)
