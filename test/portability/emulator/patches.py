"""What is mended in LocalEmu 1.3.2 before it starts. The docstring of each patch says what goes wrong without it."""

import functools
import re
import threading

from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import DynamoType
from rolo.serving.twisted import TwistedGateway
from twisted.internet import endpoints, reactor

from localemu.aws.connect import connect_to
from localemu.runtime.server.twisted import TwistedRuntimeServer
from localemu.services.dynamodb.provider import DynamoDBProvider, EventForwarder
from localemu.services.dynamodb.utils import ItemFinder

INSERT = re.compile(r"""^\s*INSERT\s+INTO\s+"?([\w.-]+)"?\s+VALUE\s+\{(.*)\}\s*$""", re.IGNORECASE | re.DOTALL)
COLUMN = re.compile(r"""'([^']+)'\s*:\s*\?""")


class DuplicateItem(Exception):
    name = "DuplicateItem"
    message = "Duplicate primary key exists in table"


def _inside(lock, method):
    @functools.wraps(method)
    def locked(*args, **kwargs):
        with lock:
            return method(*args, **kwargs)

    return locked


def listen_on_loopback() -> None:
    """It listens on every interface, whatever GATEWAY_LISTEN says."""

    def register(self, gateway, listen, ssl_creds=None):
        site = TwistedGateway(gateway)
        for address in listen:
            endpoints.TCP4ServerEndpoint(reactor, address.port, interface=address.host).listen(site)

    TwistedRuntimeServer.register = register


def write_one_after_another() -> None:
    """A write checks its condition and stores without a lock, so that two threads may both find it true. A transaction
    that fails puts back copies of whole tables, and with them undoes what others wrote meanwhile."""
    writing, storing = threading.RLock(), threading.RLock()
    for name in (
        "put_item", "update_item", "delete_item", "batch_write_item", "transact_write_items",
        "execute_statement", "batch_execute_statement", "execute_transaction",
    ):
        setattr(DynamoDBProvider, name, _inside(writing, getattr(DynamoDBProvider, name)))
    DynamoDBProvider.forward_request = _inside(storing, DynamoDBProvider.forward_request)


def look_up_the_right_account() -> None:
    """What a transaction changes is looked up in an account that does not exist, so that its changes reach no stream."""

    def client(account_id, region_name, endpoint_url):
        return connect_to(aws_access_key_id=account_id, region_name=region_name).dynamodb

    ItemFinder.get_ddb_local_client = staticmethod(client)


def stream_in_order() -> None:
    """Ten threads bring a table's changes to its stream, in any order."""
    init = EventForwarder.__init__
    EventForwarder.__init__ = lambda self, num_thread=1: init(self, num_thread)


def insert_with_parameters() -> None:
    """The parser of PartiQL takes no parameters in an INSERT, and one row that fails hides its reason."""
    execute, execute_batch = DynamoDBBackend.execute_statement, DynamoDBBackend.batch_execute_statement

    def insert(self, statement, parameters):
        matched = INSERT.match(statement)
        columns = COLUMN.findall(matched.group(2)) if matched else []
        if not columns or len(columns) != len(parameters):
            return execute(self, statement, parameters)
        item = dict(zip(columns, parameters))
        table = self.get_table(matched.group(1))
        keys = [DynamoType(item[name]) for name in (table.hash_key_attr, table.range_key_attr) if name]
        if table.get_item(*keys) is not None:
            raise DuplicateItem()
        table.put_item(item)
        return []

    def insert_each(self, statements):
        return [outcome(self, one) for one in statements]

    def outcome(self, one):
        matched = INSERT.match(one["Statement"])
        if not matched:
            return execute_batch(self, [one])[0]
        try:
            insert(self, one["Statement"], one.get("Parameters", []))
        except DuplicateItem as error:
            return {"TableName": matched.group(1), "Error": {"Code": error.name, "Message": error.message}}
        return {"TableName": matched.group(1)}

    DynamoDBBackend.execute_statement = insert
    DynamoDBBackend.batch_execute_statement = insert_each


def apply() -> None:
    listen_on_loopback()
    write_one_after_another()
    look_up_the_right_account()
    stream_in_order()
    insert_with_parameters()
