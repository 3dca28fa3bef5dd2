"""Facebook's addresses as people paste them, and what only looks like one."""

from time import perf_counter

import pytest

from console.text.addresses import Address, read

WWW = "https://www.facebook.com/"
POST = "pfbid02AbCdEfGhIjK9"

# {what is pasted: (kind, group, post, comment, canonical without WWW)}
UNDERSTOOD = {
    # posts of a group
    WWW + "groups/leoncin/posts/77/": ("post", "leoncin", "77", None, "groups/leoncin/posts/77/"),
    WWW + "groups/leoncin/posts/77": ("post", "leoncin", "77", None, "groups/leoncin/posts/77/"),
    WWW + "groups/1234/permalink/77/": ("post", "1234", "77", None, "groups/1234/posts/77/"),
    WWW + f"groups/1234/posts/{POST}/": ("post", "1234", POST, None, f"groups/1234/posts/{POST}/"),
    WWW + "groups/12/?multi_permalinks=77": ("post", "12", "77", None, "groups/12/posts/77/"),
    WWW + "groups/12?multi_permalinks=77,78": ("post", "12", "77", None, "groups/12/posts/77/"),
    WWW + "groups/12/?multi_permalinks=77%2C78&hoisted_section_header_type=recently_seen": (
        ("post", "12", "77", None, "groups/12/posts/77/")
    ),
    "https://m.facebook.com/groups/12?view=permalink&id=77": (
        ("post", "12", "77", None, "groups/12/posts/77/")
    ),
    "https://mbasic.facebook.com/groups/12/?view=permalink&id=77&refid=18": (
        ("post", "12", "77", None, "groups/12/posts/77/")
    ),
    WWW + "groups/ab.c-d_e/posts/77/": (
        "post",
        "ab.c-d_e",
        "77",
        None,
        "groups/ab.c-d_e/posts/77/",
    ),
    # comments and replies
    WWW + "groups/12/posts/77/?comment_id=88": (
        ("comment", "12", "77", "88", "groups/12/posts/77/?comment_id=88")
    ),
    WWW + "groups/12/permalink/77/?comment_id=88&reply_comment_id=99": (
        ("comment", "12", "77", "99", "groups/12/posts/77/?comment_id=88&reply_comment_id=99")
    ),
    WWW + "groups/12/?multi_permalinks=77&comment_id=88": (
        ("comment", "12", "77", "88", "groups/12/posts/77/?comment_id=88")
    ),
    "m.facebook.com/groups/12?view=permalink&id=77&comment_id=88": (
        ("comment", "12", "77", "88", "groups/12/posts/77/?comment_id=88")
    ),
    WWW + "permalink.php?story_fbid=77&id=55&comment_id=88": (
        ("comment", None, "77", "88", "permalink.php?story_fbid=77&id=55&comment_id=88")
    ),
    WWW + f"osp.leoncin/posts/{POST}?comment_id=88": (
        ("comment", None, POST, "88", f"osp.leoncin/posts/{POST}/?comment_id=88")
    ),
    WWW + "photo/?fbid=77&set=g.12&comment_id=88": (
        ("comment", "12", "77", "88", "photo/?fbid=77&set=g.12&comment_id=88")
    ),
    WWW + "watch/?v=77&comment_id=88": ("comment", None, "77", "88", "watch/?v=77&comment_id=88"),
    # groups, and profiles within one
    WWW + "groups/Leoncin": ("group", "leoncin", None, None, "groups/leoncin/"),
    WWW + "groups/12/about/": ("group", "12", None, None, "groups/12/"),
    WWW + "groups/12/pending_posts": ("group", "12", None, None, "groups/12/"),
    WWW + "groups/12/posts/": ("group", "12", None, None, "groups/12/"),
    WWW + "groups/12/?ref=share&mibextid=NSMWBT": ("group", "12", None, None, "groups/12/"),
    WWW + "groups/12/user/5/": ("profile", "12", None, None, "groups/12/user/5/"),
    # Pages' posts, photos, videos, reels
    WWW + "permalink.php?story_fbid=77&id=55": (
        ("post", None, "77", None, "permalink.php?story_fbid=77&id=55")
    ),
    "https://m.facebook.com/story.php?story_fbid=77&id=55&m_entstream_source=timeline": (
        ("post", None, "77", None, "permalink.php?story_fbid=77&id=55")
    ),
    WWW + f"story.php?story_fbid={POST}&amp;id=55": (
        ("post", None, POST, None, f"permalink.php?story_fbid={POST}&id=55")
    ),
    WWW + "gmina.leoncin/posts/77": ("post", None, "77", None, "gmina.leoncin/posts/77/"),
    WWW + f"GminaLeoncin/posts/zebranie-wiejskie/{POST}/": (
        ("post", None, POST, None, f"gminaleoncin/posts/{POST}/")
    ),
    WWW + "100064/posts/za%C5%BC%C3%B3%C5%82%C4%87/77/": (
        ("post", None, "77", None, "100064/posts/77/")
    ),
    WWW + "photo?fbid=77&set=g.12": ("photo", "12", "77", None, "photo/?fbid=77&set=g.12"),
    WWW + "photo/?fbid=77&set=a.12": ("photo", None, "77", None, "photo/?fbid=77"),
    WWW + "photo.php?fbid=77": ("photo", None, "77", None, "photo/?fbid=77"),
    WWW + "osp/photos/77/": ("photo", None, "77", None, "photo/?fbid=77"),
    WWW + "osp/photos/a.55/77/?type=3": ("photo", None, "77", None, "photo/?fbid=77"),
    WWW + "osp/photos/a.5.6.7/77": ("photo", None, "77", None, "photo/?fbid=77"),
    WWW + "osp/videos/77/": ("video", None, "77", None, "watch/?v=77"),
    WWW + "osp/videos/pokaz-strazy/77/": ("video", None, "77", None, "watch/?v=77"),
    WWW + "osp/videos/vb.5/77/": ("video", None, "77", None, "watch/?v=77"),
    WWW + "watch/?v=77": ("video", None, "77", None, "watch/?v=77"),
    WWW + "watch?v=77&ref=sharing": ("video", None, "77", None, "watch/?v=77"),
    WWW + "watch/live/?v=77": ("video", None, "77", None, "watch/?v=77"),
    WWW + "reel/77": ("reel", None, "77", None, "reel/77/"),
    WWW + "reel/77/?s=single_unit": ("reel", None, "77", None, "reel/77/"),
    # profiles and Pages
    WWW + "profile.php?id=5": ("profile", None, None, None, "profile.php?id=5"),
    WWW + "people/Jan-Kowalski/5/": ("profile", None, None, None, "profile.php?id=5"),
    WWW + "people/J%C3%B3zef/5": ("profile", None, None, None, "profile.php?id=5"),
    WWW + "p/OSP-Leoncin-5/": ("profile", None, None, None, "profile.php?id=5"),
    WWW + "OSP.Leoncin": ("profile", None, None, None, "osp.leoncin/"),
    WWW + "osp/photos": ("profile", None, None, None, "osp/"),
    # their way to write the host
    "http://facebook.com/groups/12/posts/77": ("post", "12", "77", None, "groups/12/posts/77/"),
    "facebook.com/groups/12/posts/77": ("post", "12", "77", None, "groups/12/posts/77/"),
    "//facebook.com/groups/12/posts/77": ("post", "12", "77", None, "groups/12/posts/77/"),
    "fb.com/groups/12/posts/77": ("post", "12", "77", None, "groups/12/posts/77/"),
    "https://web.facebook.com/groups/12/posts/77?_rdc=1&_rdr": (
        ("post", "12", "77", None, "groups/12/posts/77/")
    ),
    "https://touch.facebook.com/groups/12": ("group", "12", None, None, "groups/12/"),
    "https://business.facebook.com/osp/posts/77": ("post", None, "77", None, "osp/posts/77/"),
    "https://pl-pl.facebook.com/groups/12/": ("group", "12", None, None, "groups/12/"),
    "HTTPS://WWW.FACEBOOK.COM/GROUPS/LEONCIN/POSTS/77/": (
        ("post", "leoncin", "77", None, "groups/leoncin/posts/77/")
    ),
    "https://www.facebook.com./groups/12/posts/77": (
        ("post", "12", "77", None, "groups/12/posts/77/")
    ),
    "https://www.facebook.com:443/groups/12": ("group", "12", None, None, "groups/12/"),
    "https://www.facebook.com//groups//12//posts//77//": (
        ("post", "12", "77", None, "groups/12/posts/77/")
    ),
    # what hangs on it, and what stands around it
    WWW + "groups/12/posts/77/?__cft__[0]=AZX&__tn__=%2CO%2CP-R&fbclid=x&rdid=y#": (
        ("post", "12", "77", None, "groups/12/posts/77/")
    ),
    WWW + "groups/12/posts/77/?notif_id=1&notif_t=group_activity&paipv=0&eav=Afb#comments": (
        ("post", "12", "77", None, "groups/12/posts/77/")
    ),
    "  " + WWW + "groups/12/posts/77/ \n": ("post", "12", "77", None, "groups/12/posts/77/"),
    f"Zobacz, co tu piszą: {WWW}groups/12/posts/77/.": (
        ("post", "12", "77", None, "groups/12/posts/77/")
    ),
    f"„{WWW}groups/12/posts/77”, czyli hejt": ("post", "12", "77", None, "groups/12/posts/77/"),
    f"<{WWW}groups/12/posts/77>": ("post", "12", "77", None, "groups/12/posts/77/"),
    f"\u200b{WWW}groups/12/posts/77\ufeff": ("post", "12", "77", None, "groups/12/posts/77/"),
    f"Post na facebook.com\nhttps://allegro.pl/1\n{WWW}groups/12/posts/77": (
        ("post", "12", "77", None, "groups/12/posts/77/")
    ),
    # unwrapped once
    "https://l.facebook.com/l.php?u=https%3A%2F%2Fwww.facebook.com%2Fgroups%2F12%2Fposts%2F77&h=AT0": (
        ("post", "12", "77", None, "groups/12/posts/77/")
    ),
    "lm.facebook.com/l.php?u=https%3A%2F%2Fm.facebook.com%2Freel%2F77": (
        ("reel", None, "77", None, "reel/77/")
    ),
}

# {what is pasted: (kind, canonical)}
OPAQUE = {
    WWW + "share/1AbCdEf/": ("share", WWW + "share/1AbCdEf/"),
    WWW + "share/p/1AbCdEf/?mibextid=wwXIfr": ("share", WWW + "share/p/1AbCdEf/"),
    WWW + "share/v/1AbCdEf": ("share", WWW + "share/v/1AbCdEf/"),
    WWW + "share/r/1AbCdEf/": ("share", WWW + "share/r/1AbCdEf/"),
    "m.facebook.com/share/g/1AbCdEf/": ("share", WWW + "share/g/1AbCdEf/"),
    "https://fb.watch/1AbC-d_/": ("share", "https://fb.watch/1AbC-d_/"),
    "FB.WATCH/1AbC": ("share", "https://fb.watch/1AbC/"),
    "fb.me/e/1AbC": ("share", "https://fb.me/e/1AbC/"),
    WWW + "events/77/?ref=newsfeed": ("event", WWW + "events/77/"),
    WWW + "hashtag/leoncin?__eep__=6": ("hashtag", WWW + "hashtag/leoncin/"),
    WWW + "hashtag/śmieci": ("hashtag", WWW + "hashtag/%C5%9Bmieci/"),
}

NOT_UNDERSTOOD = [
    WWW,
    WWW + "groups/",
    WWW + "groups/feed/",
    WWW + "groups/discover",
    WWW + "story.php?id=55",
    WWW + "permalink.php?story_fbid=77",
    WWW + "permalink.php?story_fbid=&id=",
    WWW + "photo/",
    WWW + "reel/",
    WWW + "share/",
    WWW + "watch/",
    WWW + "marketplace/item/5",
    WWW + "login/?next=https%3A%2F%2Fwww.facebook.com",
    WWW + "stories/5/6",
    "https://fb.watch/",
    # encoded slashes, climbing, digits of other scripts, endless numbers
    WWW + "groups/12%2Fposts%2F77",
    WWW + "groups%2F12/posts/77",
    WWW + "groups/12/posts/%37%37",
    WWW + "groups/../posts/77",
    WWW + "groups/12/../../evil/posts/77",
    WWW + "groups/12/posts/٧٧",
    WWW + "groups/12/posts/" + "7" * 10_000,
    WWW + "groups/" + "a" * 10_000 + "/posts/77",
    WWW + "groups/12/posts/<script>",
    WWW + "groups/12/posts/77'--",
    # a comment that cannot be read must not pass for its post
    WWW + "groups/12/posts/77/?comment_id=abc",
    WWW + "groups/12/posts/77/?comment_id=88&reply_comment_id=%0a9",
    # wrapped twice
    "https://l.facebook.com/l.php?u=https%3A%2F%2Fl.facebook.com%2Fl.php%3Fu%3Dhttps%253A%252F%252Ffb.com",
]

FOREIGN = [
    "",
    " \n ",
    "Zwykły tekst bez linku.",
    "https://allegro.pl/groups/12/posts/77",
    # look-alikes
    "https://facebook.evil/groups/12/posts/77",
    "https://www.facebook.com.evil.pl/groups/12/posts/77",
    "https://evilfacebook.com/groups/12/posts/77",
    "https://facebook.com-groups.pl/groups/12/posts/77",
    "https://faceb00k.com/groups/12/posts/77",
    "https://www.facebook.comm/groups/12/posts/77",
    "https://evil.www.facebook.com/groups/12/posts/77",
    "https://fb.watch.evil.pl/1AbC",
    "https://evil.pl/https://www.facebook.com/groups/12/posts/77",
    "https://evil.pl/?u=https://www.facebook.com/groups/12/posts/77",
    "https://evil.pl#www.facebook.com/groups/12/posts/77",
    # credentials
    "https://www.facebook.com@evil.pl/groups/12/posts/77",
    "https://www.facebook.com:x@evil.pl/groups/12/posts/77",
    "https://jan:haslo@www.facebook.com/groups/12/posts/77",
    "https://www.facebook.com%2f@evil.pl/groups/12/posts/77",
    "kontakt@facebook.com",
    # letters of other scripts
    "https://www.fаcebook.com/groups/12/posts/77",
    "https://www.faceboo\u212a.com/groups/12/posts/77",
    "https://www.ｆacebook.com/groups/12/posts/77",
    "https://www.xn--fcebook-2fg.com/groups/12/posts/77",
    "https://www。facebook。com/groups/12/posts/77",
    # ports, schemes, control characters, bad brackets
    "https://www.facebook.com:8443/groups/12/posts/77",
    "https://www.facebook.com:/groups/12/posts/77",
    "https://www.facebook.com:443:443/groups/12/posts/77",
    "javascript:alert(1)",
    "javascript://www.facebook.com/groups/12/posts/77",
    "data:text/html,https://www.facebook.com/groups/12/posts/77",
    "ftp://www.facebook.com/groups/12/posts/77",
    "https://https://www.facebook.com/groups/12/posts/77",
    "https://www.facebook.com\\@evil.pl/groups/12/posts/77",
    "https://www.facebook.com/groups/12/posts/77\0",
    "https://www.facebook.com/groups/12/posts/7\x1b7",
    "https://www.face\u200bbook.com/groups/12/posts/77",
    "https://www.facebook.com/groups/12/\u202eposts/77",
    "https://[::1/groups/12",
    "https://www.facebook.com]/groups/12",
    "https://" + "a" * 10_000,
    # wrapped, but not ours
    "https://l.facebook.com/l.php?u=https%3A%2F%2Fevil.pl%2Fgroups%2F12",
    "https://l.facebook.com/l.php?u=javascript%3Aalert(1)",
    "https://l.facebook.com/l.php",
]


def shown(pasted: str) -> str:
    return ascii(pasted)[:70]


@pytest.mark.parametrize("pasted", UNDERSTOOD, ids=shown)
def test_an_address_names_what_it_leads_to(pasted):
    kind, group, post, comment, canonical = UNDERSTOOD[pasted]
    assert read(pasted) == Address("facebook", kind, group, post, comment, WWW + canonical)


@pytest.mark.parametrize("pasted", OPAQUE, ids=shown)
def test_what_only_opening_it_would_show_is_kept_as_it_is(pasted):
    kind, canonical = OPAQUE[pasted]
    assert read(pasted) == Address("facebook", kind, canonical=canonical, opaque=True)


@pytest.mark.parametrize("pasted", NOT_UNDERSTOOD, ids=shown)
def test_facebooks_other_addresses_are_not_guessed_at(pasted):
    assert read(pasted) == Address("facebook")


@pytest.mark.parametrize("pasted", FOREIGN, ids=shown)
def test_what_is_not_facebooks_is_not_taken_for_it(pasted):
    assert read(pasted) == Address()


@pytest.mark.parametrize("pasted", [*UNDERSTOOD, *OPAQUE], ids=shown)
def test_a_canonical_address_is_its_own(pasted):
    address = read(pasted)
    assert read(address.canonical) == address


def test_a_comments_key_is_its_own_and_a_posts_the_posts():
    assert read(WWW + "groups/12/posts/77/").key == "77"
    assert read(WWW + "groups/12/posts/77/?comment_id=8&reply_comment_id=9").key == "9"
    assert read(WWW + "groups/12/").key == ""


HOSTILE = [
    "facebook.com " * 40,
    WWW + "groups/" * 80,
    WWW + "p/" + "-1" * 250,
    WWW + "p/" + "1" * 500,
    WWW + "a/photos/" + "b/" * 250,
    WWW + "?" + "&=" * 250,
    WWW + "groups/1?multi_permalinks=" + "1," * 250,
    "https://" + "www." * 125,
    "<" * 500,
    WWW + "/" * 500,
]


@pytest.mark.parametrize("part", HOSTILE, ids=shown)
def test_twenty_times_the_length_takes_about_twenty_times_as_long(part):
    def seconds(text: str) -> float:
        times = []
        for _ in range(5):
            before = perf_counter()
            read(text)
            times.append(perf_counter() - before)
        return min(times)

    head, unit = part[: len(part) // 2], part[len(part) // 2 :]
    short, long = seconds(head + unit * 4), seconds(head + unit * 80)
    assert long < 0.001 or long / short < 80  # quadratic: 400
