"""What an application does with openstacksdk, which finds the service in the catalogue."""
import openstack
from openstack import resource

cloud = openstack.connect(region_name='RegionOne')
database = cloud.database

flavors = {flavor.name: flavor for flavor in database.flavors()}
assert flavors, 'no flavors'
smallest = min(flavors.values(), key=lambda flavor: flavor.ram)
assert database.get_flavor(smallest).ram == smallest.ram

# Its create_instance sends no flavorRef, without which Trove makes nothing either: by hand, over its session.
answer = database.post('/instances', json={'instance': {
    'name': 'sdk', 'flavorRef': str(smallest.id), 'volume': {'size': 1}, 'databases': [{'name': 'shop'}],
    'users': [{'name': 'app', 'password': 'secret', 'databases': [{'name': 'shop'}]}]}})
assert answer.status_code == 200, answer.text
made = database.get_instance(answer.json()['instance']['id'])
resource.wait_for_status(database, made, 'ACTIVE', ['ERROR'], 1, 240)
assert [one.id for one in database.instances() if one.name == 'sdk'] == [made.id]
assert database.find_instance('sdk').id == made.id

instance = database.get_instance(made)
assert instance.volume['size'] == 1
# Its create_database sends one database where Trove takes a list of them.
assert database.post(f'/instances/{instance.id}/databases', json={'databases': [{'name': 'more'}]}).status_code == 202
assert {one.name for one in database.databases(instance)} == {'shop', 'more'}
# Its create_user asks for PUT /users/NAME, which in Trove changes one that is there.
assert database.post(f'/instances/{instance.id}/users', json={'users': [
    {'name': 'eve', 'password': 'other', 'databases': [{'name': 'more'}]}]}).status_code == 202
assert {one.name for one in database.users(instance)} == {'app', 'eve'}
database.delete_user('eve', instance=instance)
database.delete_database('more', instance=instance)
assert {one.name for one in database.users(instance)} == {'app'}
assert not instance.is_root_enabled(database)
assert instance.enable_root_user(database)['password']
assert instance.is_root_enabled(database)
instance.restart(database)
resource.wait_for_status(database, instance, 'ACTIVE', ['ERROR'], 1, 120)

database.delete_instance(instance)
resource.wait_for_delete(database, instance, 1, 120)
assert database.find_instance('sdk') is None
print('all is well')
