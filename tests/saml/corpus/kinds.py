"""The classes of hostile messages, in the order of the table that `make test-hostile` prints."""

NOT_A_RESPONSE = "Not a response: base64, encoding, XML"
FIELDS = "Form fields: two, or in the address"
OVERSIZE = "Too large, too deep, too wide"
FORBIDDEN = "DTD, entities, comments, processing instructions"
UNSIGNED = "Nothing signed"
CHANGED = "Changed after signing"
FOREIGN_KEY = "Signed with another key"
ALGORITHMS = "Algorithms"
REFERENCES = "References and transforms"
WRAPPING = "Wrapping: moved originals, cloned IDs"
MISPLACED = "Elements in wrong places or numbers"
UNOPENED = "Encrypted: cannot be opened"
INSIDE = "Encrypted: what is inside"
STATUS = "Status and version"
ISSUER = "Issuer"
AUDIENCE = "Audience"
ADDRESS = "Destination and Recipient"
TIME = "Time"
CONFIRMATION = "Confirmation and authentication"
REQUEST = "Requests: unknown, used, another browser's"
REPLAY = "Replay"
NAME_ID = "NameID"
EMAIL = "Email address"
PEOPLE = "Domains, members, seats"

KINDS = (
    NOT_A_RESPONSE,
    FIELDS,
    OVERSIZE,
    FORBIDDEN,
    UNSIGNED,
    CHANGED,
    FOREIGN_KEY,
    ALGORITHMS,
    REFERENCES,
    WRAPPING,
    MISPLACED,
    UNOPENED,
    INSIDE,
    STATUS,
    ISSUER,
    AUDIENCE,
    ADDRESS,
    TIME,
    CONFIRMATION,
    REQUEST,
    REPLAY,
    NAME_ID,
    EMAIL,
    PEOPLE,
)
